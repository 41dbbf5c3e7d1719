using System.Globalization;
using System.Net;

namespace Redoubt.Lab;

/// <summary>Lines as sshd and rsyslog write them, for attacks larger or more exact than real logins allow.</summary>
public static class AuthLogLines
{
    /// <summary>One line that names an unknown user; the rule 5710 counts it.</summary>
    public static string InvalidUser(IPAddress source, int number, string user = "oracle") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetLocalNow():MMM} {TimeProvider.System.GetLocalNow().Day, 2} {TimeProvider.System.GetLocalNow():HH:mm:ss} agent sshd[{1000 + number}]: Invalid user {user} from {source} port {40000 + number}\n"
        );

    /// <summary>So many lines of one source, in one text.</summary>
    public static string Attack(IPAddress source, int lines = 8) =>
        string.Concat(Enumerable.Range(0, lines).Select(i => InvalidUser(source, i)));

    /// <summary>Addresses of a documentation network, 192.0.2.1 and on.</summary>
    /// <param name="network">First three numbers, such as <c>192.0.2</c>.</param>
    /// <param name="count">How many, up to 254.</param>
    public static IReadOnlyList<IPAddress> Addresses(string network, int count) =>
        [.. Enumerable.Range(1, count).Select(i => IPAddress.Parse($"{network}.{i}"))];
}
