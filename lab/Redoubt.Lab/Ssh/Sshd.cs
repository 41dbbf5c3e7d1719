namespace Redoubt.Lab;

/// <summary>A real OpenSSH server with a real rsyslog behind it, on a lab host.</summary>
/// <remarks>
/// Writes <c>/var/log/auth.log</c> (root:adm 0640) as Debian does. <c>sshd -E FILE</c> is no substitute: it writes the bare
/// message, without time, host and program name.
/// alice and carol may log in with the lab's keys; passwords never work.
/// </remarks>
public sealed class Sshd : IAsyncDisposable
{
    /// <summary>The log file, as the host names it.</summary>
    public const string LogFile = "/var/log/auth.log";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly LabProcess _server;
    private readonly IReadOnlyList<LabProcess> _loggers;

    private Sshd(LabHost host, LabProcess server, IReadOnlyList<LabProcess> loggers) => (Host, _server, _loggers) = (host, server, loggers);

    /// <summary>Where it runs.</summary>
    public LabHost Host { get; }

    /// <summary>The log file, as it is found from outside the host.</summary>
    public string Log => Host.PathOf(LogFile);

    /// <summary>Starts both; ready to answer when it returns.</summary>
    /// <param name="lab">The lab; its folder holds the keys of the accounts.</param>
    /// <param name="host">Where.</param>
    /// <param name="bare">True: no rsyslog, <c>sshd -E</c> writes the log file itself.</param>
    /// <param name="journald">True: journald stands before rsyslog.</param>
    public static async Task<Sshd> StartAsync(LabNetwork lab, LabHost host, bool bare = false, bool journald = false)
    {
        var keys = await LabKeys.EnsureAsync(lab);
        await host.MustRunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/etc/ssh/lab_host_key");
        foreach (var account in LabKeys.Accounts)
            await AllowAsync(host, account, keys.PublicKeyOf(account));

        // What sshd itself makes can be read by root alone.
        await host.MustRunAsync("install", "-m", bare ? "0600" : "0640", "-g", bare ? "root" : "adm", "/dev/null", LogFile);
        var loggers = new List<LabProcess>();
        if (journald)
            loggers.Add(await Journald.StartAsync(host));
        if (!bare)
            loggers.Add(await StartLoggerAsync(host, journald ? "/run/systemd/journal/syslog" : "/dev/log"));

        await WriteConfigurationAsync(host);
        string[] words = bare ? ["-D", "-f", "/etc/ssh/lab_config", "-E", LogFile] : ["-D", "-f", "/etc/ssh/lab_config"];
        var server = host.Start("/usr/sbin/sshd", words);
        var sshd = new Sshd(host, server, loggers);
        await Wait.ForLineAsync(sshd.Log, l => l.Contains("listening on :: port 22", StringComparison.Ordinal), "sshd listens", StartLimit);
        return sshd;
    }

    /// <summary>Appends bytes to the log file in one write, as a logger would.</summary>
    public async Task AppendAsync(string text)
    {
        await using var stream = new FileStream(Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (var logger in _loggers)
            await logger.DisposeAsync();
    }

    private static async Task AllowAsync(LabHost host, string account, string publicKey)
    {
        var folder = $"/var/lib/lab/{account}/.ssh";
        await host.MustRunAsync("install", "-d", "-m", "0700", "-o", account, "-g", account, folder);
        await File.WriteAllTextAsync(host.PathOf($"{folder}/authorized_keys"), publicKey);
        await host.MustRunAsync("chown", $"{account}:{account}", $"{folder}/authorized_keys");
    }

    private static async Task<LabProcess> StartLoggerAsync(LabHost host, string socket)
    {
        await File.WriteAllTextAsync(
            host.PathOf("/etc/rsyslog-lab.conf"),
            $$"""
            module(load="imuxsock" SysSock.Use="off")
            input(type="imuxsock" Socket="{{socket}}")
            template(name="debian" type="string" string="%TIMESTAMP% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\n")
            auth,authpriv.* action(type="omfile" file="{{LogFile}}" template="debian" fileCreateMode="0640" fileGroup="adm")
            """ + "\n"
        );
        var logger = host.Start("/usr/sbin/rsyslogd", "-n", "-f", "/etc/rsyslog-lab.conf", "-i", "/run/rsyslog-lab.pid");
        await Wait.UntilAsync(() => logger.HasExited || File.Exists(host.PathOf(socket)), "rsyslog listens", StartLimit);
        return logger.HasExited ? throw new InvalidOperationException(logger.Said) : logger;
    }

    private static async Task WriteConfigurationAsync(LabHost host)
    {
        const string file = "/etc/ssh/lab_config";
        const string settings = """
            HostKey /etc/ssh/lab_host_key
            UsePAM no
            UseDNS no
            PasswordAuthentication yes
            KbdInteractiveAuthentication no
            MaxStartups 200
            LoginGraceTime 20
            MaxAuthTries 20
            PidFile none
            Subsystem sftp internal-sftp

            """;

        // OpenSSH 9.8 and later shut out sources that fail by themselves: that is what is tested here, so it is switched off.
        await File.WriteAllTextAsync(host.PathOf(file), settings + "PerSourcePenalties no\n");
        if (!(await host.RunAsync("/usr/sbin/sshd", "-t", "-f", file)).Succeeded)
            await File.WriteAllTextAsync(host.PathOf(file), settings);

        await host.MustRunAsync("/usr/sbin/sshd", "-t", "-f", file);
    }
}
