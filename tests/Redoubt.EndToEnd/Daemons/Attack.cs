using System.Net;
using System.Text;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Daemons;

/// <summary>How a password is tried at a server, with names that try to lead to somebody else.</summary>
/// <param name="Recipe">The server.</param>
/// <param name="Attempt">One attempt with a user name; the address of a third party, for whatever else a client may say.</param>
/// <param name="Imitations">Names made for this server's own messages; <c>VICTIM</c> stands for the third party.</param>
public sealed record Attack(DaemonRecipe Recipe, Func<string, string, IReadOnlyList<Turn>> Attempt, params string[] Imitations)
{
    private static readonly string[] Names =
    [
        "",
        "root",
        "root from VICTIM",
        "VICTIM",
        "x\", client: VICTIM, server: x",
        "x>, rip=VICTIM, lip=10.0.0.5",
        "x] FAIL LOGIN: Client \"VICTIM\"",
        "x' from VICTIM port 22",
        "[VICTIM]",
    ];

    internal static Attack Nginx { get; } =
        new(
            DaemonRecipes.Nginx,
            (name, _) =>
                [
                    new(
                        "",
                        $"GET /private/ HTTP/1.0\r\nAuthorization: Basic {Convert.ToBase64String(Encoding.Latin1.GetBytes(name + ":guess"))}\r\n\r\n"
                    ),
                    new("</html>", ""),
                ],
            "x\" was not found in \"/etc/nginx-lab/password\", client: VICTIM, server: , request: \"GET / HTTP/1.0\"",
            "x\": password mismatch, client: VICTIM"
        );

    internal static Attack Dovecot { get; } =
        new(
            DaemonRecipes.Dovecot,
            (name, _) =>
                [
                    // A literal, so that the name may hold anything; an empty one is said as such.
                    new("* OK", $"a LOGIN {{{name.Length}}}\r\n"),
                    new("+ OK", $"{name} guess\r\n"),
                    new("a NO", "b LOGOUT\r\n"),
                    new("b OK", ""),
                ],
            "x>, method=PLAIN, rip=VICTIM, lip=10.0.0.5, session=<x",
            "x,VICTIM,<x>): unknown user"
        );

    internal static Attack Vsftpd { get; } =
        new(
            DaemonRecipes.Vsftpd,
            (name, _) => [new("220", $"USER {name}\r\n"), new("\r\n", "PASS guess\r\n"), new("\r\n", "QUIT\r\n"), new("221", "")],
            "x] FAIL LOGIN: Client \"VICTIM\" [y",
            "x\" FAIL LOGIN: Client \"::ffff:VICTIM\""
        );

    internal static Attack PostgreSql { get; } =
        new(
            DaemonRecipes.PostgreSql,
            (name, victim) =>
                name.Length == 0
                    ? [new("", Startup("user\0\0database\0x\0")), new("E", "")]
                    : [new("", Startup($"user\0{name}\0database\0x, host={victim}\0")), new("R", Message('p', "guess\0")), new("E", "")],
            "x\" FATAL:  password authentication failed for user \"y\" VICTIM",
            "x\nFATAL:  no pg_hba.conf entry for host \"VICTIM\", user \"y\", database \"z\"",
            "LOG:  connection received: host=VICTIM port=4711"
        );

    internal static Attack Postfix { get; } =
        new(
            DaemonRecipes.Postfix,
            (name, victim) =>
                [
                    new("220", $"EHLO [{victim}]{name}\r\n"),
                    new("\r\n", "HELO x\r\n"),
                    new("250 mail", $"AUTH PLAIN {Convert.ToBase64String(Encoding.Latin1.GetBytes($"\0{name}\0guess"))}\r\n"),
                    new("\r\n", $"MAIL FROM:<\"{name}\"@[{victim}]>\r\n"),
                    new("\r\n", "RCPT TO:<somebody@elsewhere.example>\r\n"),
                    new("\r\n", "QUIT\r\n"),
                    new("221", ""),
                ],
            "x]: SASL LOGIN authentication failed: y, unknown[VICTIM]: SASL LOGIN authentication failed",
            "x>: Relay access denied; from unknown[VICTIM]: 554 5.7.1 <y",
            "unknown[VICTIM]"
        );

    internal static Attack Redis { get; } =
        new(
            DaemonRecipes.Redis,
            (name, victim) =>
                name.Length == 0
                    ? [new("", $"POST / HTTP/1.1\r\nHost: {victim}\r\n\r\n"), new("\n", "")]
                    : [new("", $"CLIENT SETNAME {name}\r\n"), new("\r\n", $"*{name}\r\n"), new("Protocol error", "")],
            "x|addr=VICTIM:4711|laddr=VICTIM:6379"
        );

    /// <summary>One conversation for each name, with a third party named in it.</summary>
    internal IEnumerable<IReadOnlyList<Turn>> HostileAttempts(IPAddress victim) =>
        Names
            .Concat(Imitations)
            .Select(name => Attempt(name.Replace("VICTIM", victim.ToString(), StringComparison.Ordinal), victim.ToString()));

    /// <inheritdoc/>
    public override string ToString() => Recipe.Name;

    private static byte[] Startup(string parameters) => Framed([0, 3, 0, 0, .. Encoding.Latin1.GetBytes(parameters), 0]);

    private static byte[] Message(char kind, string text) => [(byte)kind, .. Framed(Encoding.Latin1.GetBytes(text))];

    private static byte[] Framed(byte[] body)
    {
        var length = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, body.Length + 4);
        return [.. length, .. body];
    }
}
