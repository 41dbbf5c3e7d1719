using System.Globalization;
using System.Text;
using Redoubt.Engine;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Bench.Measure;

/// <summary>Cuts a ruleset down to few rules that still answer a corpus as all of them do: the rules it meets, with what those need, then others.</summary>
/// <remarks>So that the same work is compared: with fewer alerts a line costs less for a reason that has nothing to do with the number of rules.</remarks>
internal static class RuleSubset
{
    private static readonly string[] ParentOptions = ["if_sid", "if_matched_sid"];

    /// <param name="source">All files.</param>
    /// <param name="needed">Ids of the rules that the corpus meets.</param>
    /// <param name="count">Rules wanted; more when the needed ones are more.</param>
    public static RulesetSource Of(RulesetSource source, IEnumerable<int> needed, int count)
    {
        var parents = ParentsOf(source);
        var kept = new HashSet<int>();
        foreach (var id in needed)
            Keep(id, parents, kept);

        // Rules stand behind their parents, so whoever is taken in reading order has its parents already or takes them along.
        foreach (var id in parents.Keys.TakeWhile(_ => kept.Count < count))
            Keep(id, parents, kept);

        return source with
        {
            Rules = [.. source.Rules.Select(file => file with { Content = Cut(file, kept) })],
        };
    }

    private static void Keep(int id, Dictionary<int, int[]> parents, HashSet<int> kept)
    {
        if (!parents.TryGetValue(id, out var own) || !kept.Add(id))
            return;

        foreach (var parent in own)
            Keep(parent, parents, kept);
    }

    private static Dictionary<int, int[]> ParentsOf(RulesetSource source)
    {
        var parents = new Dictionary<int, int[]>();
        foreach (var rule in source.Rules.SelectMany(RulesOf))
            parents.TryAdd(IdOf(rule), [.. rule.Children.Where(c => ParentOptions.Any(c.Is)).SelectMany(c => Numbers(TextOf(c.Content)))]);

        return parents;
    }

    private static IEnumerable<MarkupElement> RulesOf(RulesetFile file) =>
        MarkupReader.Read(file.Content, file.Name, new DiagnosticBag()).SelectMany(root => root.Children).Where(e => e.Is("rule"));

    private static int IdOf(MarkupElement rule) =>
        rule.Attributes.Where(a => a.Name is "id").Select(a => Numbers(TextOf(a.Value)).FirstOrDefault()).FirstOrDefault();

    private static string TextOf(byte[] text) => Encoding.UTF8.GetString(text);

    private static IEnumerable<int> Numbers(string text)
    {
        foreach (var part in text.Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                yield return number;
        }
    }

    // Rules do not nest and the text "<rule " stands nowhere else, so the text between can be taken out as it is.
    private static byte[] Cut(RulesetFile file, HashSet<int> kept)
    {
        var text = Encoding.Latin1.GetString(file.Content);
        var result = new StringBuilder();
        var at = 0;
        while (text.IndexOf("<rule ", at, StringComparison.Ordinal) is var open and >= 0)
        {
            const string end = "</rule>";
            var close = text.IndexOf(end, open, StringComparison.Ordinal) + end.Length;
            result.Append(text, at, open - at);
            var id = text.IndexOf("id=", open, StringComparison.Ordinal) + "id=".Length + 1;
            var digits = text[id..].TakeWhile(char.IsAsciiDigit).ToArray();
            if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && kept.Contains(number))
                result.Append(text, open, close - open);

            at = close;
        }

        return Encoding.Latin1.GetBytes(result.Append(text, at, text.Length - at).ToString());
    }
}
