using System.Diagnostics;

namespace Redoubt.Tests.Collect.Journald;

/// <summary>A <c>systemd-journald</c> of our own in a private mount namespace, writing into a folder of the test.</summary>
internal sealed class LiveJournal : IDisposable
{
    private const string Daemon = "/lib/systemd/systemd-journald";

    // Its sockets lie in a /run that nobody else sees; each line of standard input becomes an entry that names sshd. "sshd" is logger under
    // that name, in a folder that nobody else sees either; those that say who they are stay, so that the journal can look at them.
    private const string Script = """
        set -e
        mount -t tmpfs rdt-run /run
        mkdir -p /run/log/journal /run/systemd/journal
        mount --bind "$1" /run/log/journal
        mount -t tmpfs rdt-log /var/log
        mount -t tmpfs rdt-bin /usr/local/sbin
        cp /usr/bin/logger /usr/local/sbin/sshd
        mkfifo /run/sshd.pipe /run/user.pipe
        /lib/systemd/systemd-journald &
        daemon=$!
        trap 'kill $daemon' EXIT
        tries=0
        while [ ! -S /run/systemd/journal/stdout ] && [ $tries -lt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
        /usr/local/sbin/sshd -u /run/systemd/journal/dev-log -t sshd </run/sshd.pipe &
        exec 3>/run/sshd.pipe
        setpriv --reuid 4242 --clear-groups logger -u /run/systemd/journal/dev-log -t sshd </run/user.pipe 3>&- &
        exec 4>/run/user.pipe
        echo ready
        while read -r who line; do
            case $who in
                root) echo "$line" | systemd-cat -t sshd ;;
                daemon) echo "$line" >&3 ;;
                user) echo "$line" >&4 ;;
                native) printf 'MESSAGE=%s\nSYSLOG_IDENTIFIER=sshd\n' "$line" | setpriv --reuid 4242 --clear-groups logger --journald ;;
            esac
        done
        """;

    private readonly Process _process;

    private LiveJournal(Process process) => _process = process;

    /// <summary>Starts it, or skips the test where that is not possible.</summary>
    internal static LiveJournal Start(string folder)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists(Daemon))
            Assert.Skip("needs root and systemd-journald");

        Directory.CreateDirectory(folder);
        var process = Process.Start(
            new ProcessStartInfo("unshare", ["--mount", "/bin/sh", "-c", Script, "sh", folder])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var journal = new LiveJournal(process);
        if (process.StandardOutput.ReadLine() != "ready")
        {
            var problem = process.StandardError.ReadToEnd();
            journal.Dispose();
            Assert.Skip("systemd-journald does not start in a mount namespace here: " + problem);
        }

        return journal;
    }

    /// <summary>Writes an entry that names sshd.</summary>
    /// <param name="who"><c>root</c>: root, with another program; <c>daemon</c>: a program of that name; <c>user</c>: an ordinary
    /// account through the syslog socket; <c>native</c>: the same through the journal's own.</param>
    /// <param name="message">The text.</param>
    internal void Write(string who, string message)
    {
        _process.StandardInput.WriteLine($"{who} {message}");
        _process.StandardInput.Flush();
    }

    public void Dispose()
    {
        // The end of its input ends the script, and that the daemon.
        _process.StandardInput.Close();
        _process.WaitForExit(LineSink.Deadline);
        _process.Dispose();
    }
}
