using System.Globalization;
using System.Text;

namespace Redoubt.App.Rules.Testing;

/// <summary>Reads rule tests in the form of Wazuh's own: an ini file whose sections hold lines and what must come of them.</summary>
/// <remarks>
/// <c>log N pass</c> must give <c>rule</c>, <c>alert</c> (the level) and <c>decoder</c>, <c>log N fail</c> must differ in one of them. A value
/// goes on in lines that are indented; then its lines arrive one after the other and the last one is judged. A key that is missing
/// is not judged, an empty one wants none. Keys compare without case.
/// </remarks>
internal sealed class IniTests
{
    private readonly string _file;
    private readonly List<RuleTest> _tests = [];
    private readonly List<Entry> _entries = [];
    private string? _section;
    private int _sectionLine;

    private readonly List<string> _warnings;

    private IniTests(string file, List<string> warnings)
    {
        _file = file;
        _warnings = warnings;
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="warnings">Receives what is odd but no error.</param>
    /// <exception cref="InvalidDataException">The file is wrong; the message names the line.</exception>
    internal static IReadOnlyList<RuleTest> Read(string file, string text, List<string> warnings)
    {
        var reader = new IniTests(file, warnings);
        var number = 0;
        foreach (var line in text.Split('\n'))
            reader.ReadLine(line.TrimEnd('\r'), ++number);

        reader.EndSection();
        return reader._tests;
    }

    private void ReadLine(string line, int number)
    {
        var trimmed = line.Trim();
        if (trimmed.Length == 0 || trimmed[0] is '#' or ';')
            return;

        if (char.IsWhiteSpace(line[0]) && _entries.Count > 0)
        {
            _entries[^1].Values.Add(trimmed);
            return;
        }

        if (trimmed[0] == '[' && trimmed.LastIndexOf(']') is var close and > 0)
        {
            EndSection();
            _section = trimmed[1..close];
            _sectionLine = number;
            return;
        }

        var separator = trimmed.IndexOfAny(['=', ':']);
        if (separator <= 0)
            throw Wrong(number, "this is neither a [section] nor 'key = value'");

        if (_section is null)
            throw Wrong(number, "this stands before the first [section]");

        Add(trimmed[..separator].Trim().ToLowerInvariant(), trimmed[(separator + 1)..].Trim(), number);
    }

    private void Add(string key, string value, int number)
    {
        if (key is not ("rule" or "alert" or "decoder") && !IsLog(key, out _))
            _warnings.Add(Message(number, $"'{key}' is no key and is passed over; use 'log 1 pass', 'log 1 fail', rule, alert or decoder"));

        _entries.Add(new Entry(key, number, value.Length == 0 ? [] : [value]));
    }

    private void EndSection()
    {
        if (_section is null)
            return;

        var logs = _entries.FindAll(e => IsLog(e.Key, out _));
        if (logs.Count == 0)
            throw Wrong(_sectionLine, $"[{_section}] has no 'log N pass' and no 'log N fail'");

        foreach (var log in logs)
        {
            if (log.Values.Count == 0)
                throw Wrong(log.Line, $"'{log.Key}' holds no line");

            _ = IsLog(log.Key, out var mustPass);
            _tests.Add(MakeTest(log, mustPass));
        }

        _entries.Clear();
        _section = null;
    }

    private RuleTest MakeTest(Entry log, bool mustPass)
    {
        var impossible = new List<string>();

        // Wazuh's tester never calls an empty expectation equal; for a line that must fail that is enough.
        if (!mustPass && _entries.Exists(e => !IsLog(e.Key, out _) && e.Text.Length == 0))
            impossible.Add("an empty expectation is never met");

        var (rule, alert) = (Find("rule"), Find("alert"));
        return new RuleTest
        {
            File = _file,
            Line = log.Line,
            Section = _section!,
            Name = log.Key,
            Lines = [.. log.Values.Select(Encoding.UTF8.GetBytes)],
            Arrivals = [.. log.Values.Select(_ => 0)],
            Rules = rule is null
                ? new Dictionary<int, int?>()
                : new Dictionary<int, int?> { [log.Values.Count - 1] = Number(rule, impossible) },
            JudgesLevel = alert is not null,
            Level = alert is null ? null : Number(alert, impossible),
            Decoder = Find("decoder")?.Text,
            Impossible = impossible.Count > 0 ? string.Join("; ", impossible) : null,
            MustDiffer = !mustPass,
        };
    }

    // Of a key that stands twice the last one counts.
    private Entry? Find(string key) => _entries.FindLast(e => e.Key == key);

    private static int? Number(Entry entry, List<string> impossible)
    {
        if (entry.Text.Length == 0)
            return null;

        if (int.TryParse(entry.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;

        impossible.Add($"{entry.Key}: expected '{entry.Text}', which is no number");
        return null;
    }

    private static bool IsLog(string key, out bool mustPass)
    {
        var words = key.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        mustPass = words is [.., "pass"];
        return words is ["log", _, "pass" or "fail"] && words[1].All(char.IsAsciiDigit);
    }

    private InvalidDataException Wrong(int line, string what) => new(Message(line, what));

    private string Message(int line, string what) => string.Create(CultureInfo.InvariantCulture, $"{_file}:{line}: {what}.");

    private sealed record Entry(string Key, int Line, List<string> Values)
    {
        internal string Text => string.Join(' ', Values);
    }
}
