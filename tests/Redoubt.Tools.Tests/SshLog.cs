using System.Globalization;
using System.Text;

namespace Redoubt.Tests.Tools;

/// <summary>Lines of a server under attack, always the same for the same number.</summary>
internal static class SshLog
{
    internal static string Failure(string address, int second = 0) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Mar  1 10:{second / 60:00}:{second % 60:00} web01 sshd[811]: Failed password for root from {address} port 4711 ssh2"
        );

    /// <summary>Failures of one source, a second apart.</summary>
    internal static string Attack(string address, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => Failure(address, i) + "\n"));

    /// <summary>Many sources, logins, other programs, odd bytes.</summary>
    internal static byte[] Mixed(int lines)
    {
        var random = new Random(7);
        var log = new List<byte>();
        for (var i = 0; i < lines; i++)
        {
            var header = string.Create(
                CultureInfo.InvariantCulture,
                $"Mar {1 + (i / 345_600), 2} {i / 14_400 % 24:00}:{i / 240 % 60:00}:{i / 4 % 60:00} web01 "
            );
            var address = $"198.51.100.{random.Next(5)}";
            log.AddRange(
                Encoding.UTF8.GetBytes(
                    random.Next(6) switch
                    {
                        0 => $"{header}sshd[1]: Failed password for root from {address} port 1 ssh2",
                        1 => $"{header}sshd[1]: Invalid user admin from {address} port 2",
                        2 => $"{header}sshd[1]: Accepted publickey for alice from {address} port 3 ssh2",
                        3 => $"{header}cron[2]: (root) CMD (true)",
                        4 => "a line without a header",
                        _ => $"{header}sudo: pam_unix(sudo:session): session opened for user root by (uid=0)",
                    }
                )
            );
            if (i % 97 == 0)
                log.AddRange([0, 0xFF, 0xC3, (byte)'"', (byte)'\\', 0x1B]);

            log.Add((byte)'\n');
        }

        return [.. log];
    }
}
