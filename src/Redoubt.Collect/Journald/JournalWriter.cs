using System.Globalization;
using System.Text;
using Redoubt.Model;

namespace Redoubt.Collect.Journald;

/// <summary>Who wrote an entry, by the fields that the journal fills in itself and no sender can set, and whom the entry names.</summary>
/// <param name="Claimed">The program that the line names (<c>SYSLOG_IDENTIFIER</c>): the sender's word.</param>
/// <param name="Transport"><c>_TRANSPORT</c>.</param>
/// <param name="Uid"><c>_UID</c>; null where the journal did not know.</param>
/// <param name="Executable"><c>_EXE</c>; empty where the process had gone before the journal could look.</param>
/// <param name="Unit"><c>_SYSTEMD_UNIT</c>; empty for a process outside of units.</param>
/// <remarks>Source: systemd.journal-fields(7), docs/decisions/0012-who-wrote-a-line.md.</remarks>
internal sealed record JournalWriter(string Claimed, string Transport, uint? Uid, string Executable, string Unit)
{
    private const uint FirstOrdinaryUid = 1000;
    private const uint FirstDynamicUid = 61_184;
    private const uint Nobody = 65_534;

    /// <summary>Longest value that is looked at.</summary>
    private const int MaxLength = 512;

    /// <summary>Where packages put programs; an ordinary account can put none there.</summary>
    private static readonly string[] SystemFolders = ["/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/"];

    /// <summary>Programs that log as root whoever uses them, so that a line of another account in their name is a forgery.</summary>
    private static readonly HashSet<string> OfRoot = new(StringComparer.OrdinalIgnoreCase)
    {
        "cron",
        "crond",
        "doas",
        "dropbear",
        "kernel",
        "login",
        "pkexec",
        "su",
        "sudo",
        "systemd",
        "systemd-logind",
    };

    /// <summary>Of these, the ones that the kernel runs as root for an ordinary account, whose number the journal then shows.</summary>
    private static readonly HashSet<string> ForUsers = new(StringComparer.Ordinal) { "doas", "pkexec", "su", "sudo" };

    internal static JournalWriter Of(Journal entry)
    {
        var claimed = Text(entry.Get("SYSLOG_IDENTIFIER\0"u8));
        return new JournalWriter(
            claimed.Length > 0 ? claimed : Text(entry.Get("_COMM\0"u8)),
            Text(entry.Get("_TRANSPORT\0"u8)),
            uint.TryParse(Text(entry.Get("_UID\0"u8)), NumberStyles.None, CultureInfo.InvariantCulture, out var uid) ? uid : null,
            Text(entry.Get("_EXE\0"u8)),
            Text(entry.Get("_SYSTEMD_UNIT\0"u8))
        );
    }

    /// <summary>How far the entry can be trusted.</summary>
    internal LineStanding Judge()
    {
        // The kernel's own, and what root alone can put into its buffer.
        if (Transport is "kernel" or "driver" or "audit")
            return new LineStanding(LineOrigin.Verified);

        if (Uid is not { } uid)
            return default;

        if (uid == 0)
            return new LineStanding(RunsTheProgram || IsTheService ? LineOrigin.Verified : LineOrigin.Relayed);

        if (NamesProgramOfRoot && !RunsTheProgram)
            return new LineStanding(LineOrigin.Forged, Describe(uid));

        if (ForUsers.Contains(Claimed) && RunsTheProgram)
            return default;

        if (IsSystemAccount(uid))
            return new LineStanding(RunsTheProgram && IsTheService ? LineOrigin.Verified : LineOrigin.Relayed);

        return IsTheService && !NamesProgramOfRoot ? default : new LineStanding(LineOrigin.Unprivileged, Describe(uid));
    }

    private static bool IsSystemAccount(uint uid) => uid is < FirstOrdinaryUid or (>= FirstDynamicUid and <= Nobody);

    // Decoders know sshd by how its name begins.
    private bool NamesProgramOfRoot => Claimed.StartsWith("sshd", StringComparison.OrdinalIgnoreCase) || OfRoot.Contains(Claimed);

    private bool RunsTheProgram =>
        Array.Exists(SystemFolders, folder => Executable.StartsWith(folder, StringComparison.Ordinal))
        && Array.Exists(ClaimedNames, name => IsSameProgram(name, Executable[(Executable.LastIndexOf('/') + 1)..]));

    // A session's processes are in a scope, those of a user's own services in user@1000.service.
    private bool IsTheService =>
        Unit.EndsWith(".service", StringComparison.Ordinal)
        && !Unit.StartsWith("user@", StringComparison.Ordinal)
        && Array.Exists(ClaimedNames, name => IsSameProgram(name, Unit[..^".service".Length]));

    // "postfix/smtpd" is smtpd of postfix.
    private string[] ClaimedNames => Claimed.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsSameProgram(string left, string right)
    {
        var stem = Stem(left);
        return stem.Length > 0 && stem.Equals(Stem(right), StringComparison.OrdinalIgnoreCase);
    }

    // ssh.service, ssh@1-….service, sshd, sshd-session and sshd-auth are one program; so are CRON, cron and crond.
    private static ReadOnlySpan<char> Stem(string name)
    {
        var end = name.AsSpan().IndexOfAny('-', '@', '.');
        return (end > 0 ? name.AsSpan(0, end) : name).TrimEnd('d');
    }

    private string Describe(uint uid)
    {
        var executable = Executable.Length > 0 ? Executable : "an unknown program";
        var unit = Unit.Length > 0 ? $" in {Unit}" : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"'{Printable(Claimed)}' that uid {uid} wrote with {Printable(executable)}{Printable(unit)}"
        );
    }

    // A program's name and path are its owner's: nothing in them may look like more than text.
    private static string Printable(string text) =>
        string.Concat(text.Take(128).Select(c => char.IsControl(c) || c is '\'' or '<' or '>' ? '_' : c));

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value[..Math.Min(value.Length, MaxLength)]);
}
