using System.Net;

namespace Redoubt.Lab;

/// <summary>OpenSSH's client on a lab host.</summary>
/// <param name="lab">The lab, for the keys.</param>
/// <param name="host">Where the client runs.</param>
public sealed class SshClient(LabNetwork lab, LabHost host)
{
    private static readonly string[] Common =
    [
        "-F",
        "none",
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "LogLevel=ERROR",
    ];

    /// <summary>Tries a password once. With an unknown user this fails, as does every password in the lab.</summary>
    /// <param name="user">Login name.</param>
    /// <param name="server">Where to.</param>
    /// <param name="connectSeconds">Patience with an address that does not answer.</param>
    public Task<CommandResult> TryPasswordAsync(string user, IPAddress server, int connectSeconds = 3) =>
        host.RunAsync(
            "sshpass",
            [
                "-p",
                "guess",
                "ssh",
                .. Common,
                "-o",
                "PreferredAuthentications=password",
                "-o",
                "NumberOfPasswordPrompts=1",
                "-o",
                $"ConnectTimeout={connectSeconds}",
                "-l",
                user,
                server.ToString(),
                "true",
            ]
        );

    /// <summary>Connects without offering any password or key, which also fails.</summary>
    public Task<CommandResult> TryNothingAsync(string user, IPAddress server, int connectSeconds = 3) =>
        host.RunAsync(
            "ssh",
            [
                .. Common,
                "-o",
                "BatchMode=yes",
                "-o",
                "PreferredAuthentications=none",
                "-o",
                $"ConnectTimeout={connectSeconds}",
                "-l",
                user,
                server.ToString(),
                "true",
            ]
        );

    /// <summary>Logs in with an account's key and runs <c>true</c>.</summary>
    /// <param name="account"><c>alice</c> or <c>carol</c>.</param>
    /// <param name="server">Where to.</param>
    /// <param name="connectSeconds">Patience with an address that does not answer.</param>
    public async Task<CommandResult> LoginAsync(string account, IPAddress server, int connectSeconds = 3)
    {
        var keys = await LabKeys.EnsureAsync(lab);
        return await host.RunAsync(
            "ssh",
            [.. Common, .. WithKey(keys, account), "-o", $"ConnectTimeout={connectSeconds}", "-l", account, server.ToString(), "true"]
        );
    }

    /// <summary>Logs in with an account's key and keeps the session open.</summary>
    public async Task<SshSession> OpenSessionAsync(string account, IPAddress server)
    {
        var keys = await LabKeys.EnsureAsync(lab);
        var process = host.Start(
            "ssh",
            [.. Common, .. WithKey(keys, account), "-o", "ConnectTimeout=3", "-l", account, server.ToString(), "cat"]
        );
        var session = new SshSession(process);
        if (await session.IsAliveAsync(TimeSpan.FromSeconds(15)))
            return session;

        await session.DisposeAsync();
        throw new InvalidOperationException($"{account} cannot log in to {server}: {process.Said}");
    }

    private static string[] WithKey(LabKeys keys, string account) =>
        ["-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "PreferredAuthentications=publickey", "-i", keys.PrivateKeyOf(account)];
}
