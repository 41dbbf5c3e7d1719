using System.Diagnostics;

namespace Redoubt.Tests.Collect.Journald;

/// <summary>A <c>systemd-journald</c> of our own in a private mount namespace, writing into a folder of the test.</summary>
internal sealed class LiveJournal : IDisposable
{
    private const string Daemon = "/lib/systemd/systemd-journald";

    // Its sockets lie in a /run that nobody else sees; each line of standard input becomes an entry of sshd.
    private const string Script = """
        set -e
        mount -t tmpfs rdt-run /run
        mkdir -p /run/log/journal /run/systemd/journal
        mount --bind "$1" /run/log/journal
        mount -t tmpfs rdt-log /var/log
        /lib/systemd/systemd-journald &
        daemon=$!
        trap 'kill $daemon' EXIT
        tries=0
        while [ ! -S /run/systemd/journal/stdout ] && [ $tries -lt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
        echo ready
        while read -r line; do echo "$line" | systemd-cat -t sshd; done
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

    internal void Write(string message)
    {
        _process.StandardInput.WriteLine(message);
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
