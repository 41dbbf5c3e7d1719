using System.Globalization;
using Redoubt.Model.Markup;

namespace Redoubt.Config;

// <active-response> as the executing host reads it: active-response.md 1.6.
internal sealed partial class SectionReader
{
    private const int MaxOffenderSteps = 5;

    private static readonly HashSet<string> ExecutorElements = new(StringComparer.OrdinalIgnoreCase)
    {
        "disabled",
        "repeated_offenders",
        "reset_after",
        "ca_store",
        "ca_verification",
    };

    private bool _hasExecutorSwitch;
    private bool _hasOffenders;
    private bool _hasResetAfter;

    private void Executor(MarkupElement section)
    {
        foreach (var child in section.Children)
        {
            if (child.Is("disabled"))
                ExecutorSwitch(child);
            else if (child.Is("repeated_offenders"))
                Offenders(child);
            else if (child.Is("reset_after"))
                ResetOffenders(child);
            else if (child.Is("ca_verification"))
                YesNo(child, true, ignoreCase: true);
        }
    }

    // The first one found decides, here and below.
    private void ExecutorSwitch(MarkupElement child)
    {
        var disabled = YesNo(child, false);
        if (!_hasExecutorSwitch)
            _executor = _executor with { Disabled = disabled };

        _hasExecutorSwitch = true;
    }

    private void Offenders(MarkupElement child)
    {
        var minutes = RepeatedOffenders(child);
        if (!_hasOffenders)
            _executor = _executor with { Ladder = _executor.Ladder with { Minutes = minutes } };

        _hasOffenders = true;
    }

    private void ResetOffenders(MarkupElement child)
    {
        var time = ResetAfter(child);
        if (!_hasResetAfter)
            _executor = _executor with { Ladder = _executor.Ladder with { ResetAfter = time } };

        _hasResetAfter = true;
    }

    private TimeSpan? ResetAfter(MarkupElement child)
    {
        if (Seconds(child.Text) is { } seconds)
            return TimeSpan.FromSeconds(seconds);

        BadValue(child, "Write a time such as 12h or 30d; 0 means never.");
        return null;
    }

    private List<int> RepeatedOffenders(MarkupElement child)
    {
        var minutes = new List<int>();
        var bad = new List<string>();
        foreach (var word in child.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= MaxSeconds / 60)
                minutes.Add(value);
            else
                bad.Add(word);
        }

        if (bad.Count > 0)
            Error(
                child,
                "CONF0050",
                null,
                $"<repeated_offenders> has values that are not minutes: {string.Join(", ", bad)}.",
                "Write up to five positive numbers of minutes, separated by commas."
            );

        if (minutes.Count > MaxOffenderSteps)
            Warning(
                child,
                "CONF0051",
                null,
                $"<repeated_offenders> has more than {MaxOffenderSteps} values; the rest is not used.",
                "Keep five."
            );

        return [.. minutes.Take(MaxOffenderSteps)];
    }
}
