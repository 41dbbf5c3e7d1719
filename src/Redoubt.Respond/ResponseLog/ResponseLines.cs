using System.Globalization;
using System.Text;
using Redoubt.Model;

namespace Redoubt.Respond;

/// <summary>The lines of one response in the log's two forms.</summary>
/// <remarks>A line <c>add</c> stands only for a block that is in the kernel, a line <c>delete</c> for one that is gone.</remarks>
internal static class ResponseLines
{
    /// <summary>All lines of a response, each ended by a newline; empty for <see cref="ResponseLogForm.None"/>.</summary>
    /// <param name="entry">What happened.</param>
    /// <param name="home">The home folder; the legacy form names the program's whole path.</param>
    /// <param name="now">Local time.</param>
    internal static byte[] Write(ResponseEntry entry, string home, DateTimeOffset now)
    {
        var lines = new MemoryStream();
        if (entry.Form is ResponseLogForm.Json or ResponseLogForm.Both)
            WriteJson(lines, entry, now);
        if (entry.Form is ResponseLogForm.Legacy or ResponseLogForm.Both)
            lines.Write(Encoding.UTF8.GetBytes(WriteLegacy(entry, home, now)));
        return lines.ToArray();
    }

    /// <summary>The line of a repair.</summary>
    /// <param name="incident">What had to be repaired.</param>
    /// <param name="now">Local time.</param>
    internal static byte[] Write(Keeping.Incident incident, DateTimeOffset now)
    {
        var lines = new MemoryStream();
        WriteLine(lines, StartOf(KnownResponses.DefaultBackEnd, now), ResponseDocument.Repair(incident));
        return lines.ToArray();
    }

    /// <summary>One line as the programs of 4.2 write it.</summary>
    internal static byte[] OfProgram(string program, ReadOnlySpan<byte> text, DateTimeOffset now)
    {
        var line = new MemoryStream();
        WriteLine(line, StartOf(program, now), text);
        return line.ToArray();
    }

    private static byte[] StartOf(string program, DateTimeOffset now) =>
        Encoding.UTF8.GetBytes(
            $"{now.ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture)} {ResponseDocument.ProgramPath(program)}: "
        );

    private static void WriteJson(MemoryStream lines, ResponseEntry entry, DateTimeOffset now)
    {
        var start = StartOf(entry.Program, now);
        if (entry.Error is not null || entry.IsResultOnly || entry.Action == ResponseAction.Observe)
        {
            WriteLine(lines, start, ResponseDocument.Result(entry, now));
            return;
        }

        var alert = ResponseDocument.AlertBytes(entry);
        WriteLine(lines, start, "Starting"u8);
        if (entry.Action == ResponseAction.Delete)
        {
            WriteLine(lines, start, ResponseDocument.Command(entry, "delete", alert));
        }
        else
        {
            WriteLine(lines, start, ResponseDocument.Command(entry, "add", alert));
            if (entry.HasKeys)
            {
                WriteLine(lines, start, ResponseDocument.CheckKeys(entry));
                WriteLine(
                    lines,
                    start,
                    ResponseDocument.Command(entry, entry.Action == ResponseAction.Refresh ? "abort" : "continue", alert)
                );
            }
        }

        WriteLine(lines, start, ResponseDocument.Result(entry, now));
        WriteLine(lines, start, entry.Action == ResponseAction.Refresh ? "Aborted"u8 : "Ended"u8);
    }

    private static void WriteLine(MemoryStream lines, ReadOnlySpan<byte> start, ReadOnlySpan<byte> text)
    {
        lines.Write(start);
        lines.Write(text);
        lines.WriteByte((byte)'\n');
    }

    private static string WriteLegacy(ResponseEntry entry, string home, DateTimeOffset now)
    {
        var date = LegacyDate(now);

        // Without the program's path in it no decoder takes the line for a block.
        if (entry.Error is not null)
            return $"{date} {entry.Program}: {entry.Target} {(entry.Action == ResponseAction.Skip ? "left alone" : "failed")}: {entry.Error}\n";

        if (entry.Action == ResponseAction.Observe)
            return $"{date} {entry.Program}: {entry.Target} would have been blocked: this host only observes\n";

        var action = entry.Action == ResponseAction.Delete ? "delete" : "add";
        if (entry.IsResultOnly)
            return $"{date} {entry.Program}: {action} {entry.Target} ended with {entry.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "no exit code"}\n";

        var rule = entry.RuleId > 0 ? entry.RuleId.ToString(CultureInfo.InvariantCulture) : "-";
        var (user, address) = BlockTarget.TryParse(entry.Target, out _) ? ("-", entry.Target) : (entry.Target, "-");
        return $"{date} {home}/{ResponseDocument.ProgramPath(entry.Program)} {action} {user} {address} {entry.AlertId ?? "-"} {rule}\n";
    }

    /// <summary>As <c>date</c> prints in the C locale. Names of zones are not to be had from .NET, so a zone other than UTC is shown
    /// by its offset (<c>+03</c>), as <c>date</c> itself does for zones without a name.</summary>
    private static string LegacyDate(DateTimeOffset now)
    {
        var offset = now.Offset;
        var zone =
            offset == TimeSpan.Zero
                ? "UTC"
                : (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(offset.Minutes == 0 ? "hh" : "hhmm", CultureInfo.InvariantCulture);
        var day = now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2);
        return now.ToString("ddd MMM ", CultureInfo.InvariantCulture)
            + day
            + now.ToString(" HH:mm:ss ", CultureInfo.InvariantCulture)
            + zone
            + now.ToString(" yyyy", CultureInfo.InvariantCulture);
    }
}
