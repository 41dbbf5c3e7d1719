using System.Security.Cryptography;

namespace Redoubt.Transport.Certificates;

/// <summary>What an administrator carries to a new host: a secret for one enrolment, and the authority's fingerprint, so
/// that the first contact cannot be intercepted.</summary>
/// <remarks>Text form: <c>rdt1.FINGERPRINT.SECRET</c>, both hexadecimal: safe in shells, URLs and chat windows.
/// The manager stores only the secret's hash.</remarks>
/// <param name="AuthorityFingerprint">SHA-256 of the authority's certificate, 64 lower-case hexadecimal digits.</param>
/// <param name="Secret">32 hexadecimal digits, 128 random bits.</param>
public sealed record EnrolmentToken(string AuthorityFingerprint, string Secret)
{
    private const string Prefix = "rdt1";

    /// <summary>What the manager keeps instead of the secret.</summary>
    public string SecretHash => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Secret)));

    /// <summary>Makes a new one.</summary>
    public static EnrolmentToken Create(string authorityFingerprint) =>
        new(authorityFingerprint, RandomNumberGenerator.GetHexString(32, lowercase: true));

    /// <summary>Reads the text form; surrounding blanks and newlines are ignored.</summary>
    public static EnrolmentToken? Parse(string text)
    {
        var parts = text.Trim().Split('.');
        var valid =
            parts.Length == 3
            && string.Equals(parts[0], Prefix, StringComparison.Ordinal)
            && parts[1].Length == 64
            && parts[1].All(char.IsAsciiHexDigitLower)
            && parts[2].Length == 32
            && parts[2].All(char.IsAsciiHexDigitLower);
        return valid ? new EnrolmentToken(parts[1], parts[2]) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Prefix}.{AuthorityFingerprint}.{Secret}";
}
