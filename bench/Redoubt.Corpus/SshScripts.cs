namespace Redoubt.Corpus;

/// <summary>What OpenSSH's server and PAM write into <c>auth.log</c>.</summary>
internal static class SshScripts
{
    /// <summary>Guessing at user names that do not exist, one guess a connection.</summary>
    public static Script UnknownUser(int weight) =>
        Script.Syslog(
            weight,
            true,
            "sshd[{pid}]: Invalid user {user} from {address} port {port}",
            "sshd[{pid}]: pam_unix(sshd:auth): check pass; user unknown",
            "sshd[{pid}]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={address}",
            "sshd[{pid}]: Failed password for invalid user {user} from {address} port {port} ssh2",
            "sshd[{pid}]: Received disconnect from {address} port {port}:11: Bye Bye [preauth]",
            "sshd[{pid}]: Disconnected from invalid user {user} {address} port {port} [preauth]"
        );

    /// <summary>Guessing root's password, several guesses a connection.</summary>
    public static Script Root(int weight) =>
        Script.Syslog(
            weight,
            true,
            "sshd[{pid}]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={address}  user=root",
            "sshd[{pid}]: Failed password for root from {address} port {port} ssh2",
            "sshd[{pid}]: Failed password for root from {address} port {port} ssh2",
            "sshd[{pid}]: Failed password for root from {address} port {port} ssh2",
            "sshd[{pid}]: Connection closed by authenticating user root {address} port {port} [preauth]"
        );

    /// <summary>A look at the door that ends before any login.</summary>
    public static Script Scan(int weight) =>
        Script.Syslog(
            weight,
            true,
            "sshd[{pid}]: Connection from {address} port {port} on 192.0.2.10 port 22 rdomain \"\"",
            "sshd[{pid}]: Connection closed by {address} port {port} [preauth]"
        );

    /// <summary>A login by key, and its end.</summary>
    public static Script GoodLogin(int weight) =>
        Script.Syslog(
            weight,
            false,
            "sshd[{pid}]: Connection from {address} port {port} on 192.0.2.10 port 22 rdomain \"\"",
            "sshd[{pid}]: Accepted publickey for {user} from {address} port {port} ssh2: ED25519 SHA256:{hex}{hex}{hex}{hex}",
            "sshd[{pid}]: pam_unix(sshd:session): session opened for user {user}(uid=1000) by (uid=0)",
            "sshd[{pid}]: Received disconnect from {address} port {port}:11: disconnected by user",
            "sshd[{pid}]: Disconnected from user {user} {address} port {port}",
            "sshd[{pid}]: pam_unix(sshd:session): session closed for user {user}"
        );
}
