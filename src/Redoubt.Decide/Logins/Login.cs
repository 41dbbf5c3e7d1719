using System.Text;
using Redoubt.Model;

namespace Redoubt.Decide;

/// <summary>A successful login that a line tells.</summary>
/// <param name="Address">Canonical address it came from.</param>
/// <param name="IsByKey">With a key, which nobody guesses.</param>
/// <param name="User">Who logged in; null when the line does not say.</param>
public sealed record Login(string Address, bool IsByKey, string? User)
{
    /// <summary>Group of rules that tell logins.</summary>
    public const string Group = "authentication_success";

    // sshd's own words, and Dropbear's. They stand in front of everything that a client may have chosen.
    private static readonly byte[][] KeyPhrases = [": Accepted publickey for "u8.ToArray(), ": Pubkey auth succeeded for "u8.ToArray()];

    /// <summary>Reads the login of an alert of such a rule.</summary>
    /// <returns>Null where no trusted source is named: an address that a client typed proves nothing.</returns>
    public static Login? Of(Alert alert)
    {
        if (alert.Suspicion is not null)
            return null;

        var source = alert.ExactField("srcip");
        if (
            source is not { ClientText: false }
            || !BlockTarget.TryParse(Encoding.UTF8.GetString(source.Value), out var target)
            || !target.IsSingle
        )
            return null;

        var user = alert.ExactField("dstuser") ?? alert.ExactField("srcuser");
        return new Login(target.ToString(), IsKey(alert), user is null ? null : Encoding.UTF8.GetString(user.Value));
    }

    private static bool IsKey(Alert alert)
    {
        var header = alert.FullLog.AsSpan();
        return Array.Exists(KeyPhrases, phrase => Begins(alert, phrase)) || header.StartsWith("Accepted publickey for "u8);
    }

    // The first ": " behind the program's name begins the message.
    private static bool Begins(Alert alert, byte[] phrase)
    {
        var at = alert.FullLog.AsSpan().IndexOf(phrase);
        return at >= 0 && (alert.ProgramName is null || alert.FullLog.AsSpan(0, at).IndexOf(": "u8) < 0);
    }
}
