using System.Text;
using Redoubt.Model.Markup;
using Redoubt.Patterns;

namespace Redoubt.Engine.Loading;

/// <summary>The <c>&lt;var&gt;</c>s of one file, filled in where <c>$NAME</c> stands behind their definition.</summary>
/// <remarks>Before a file's first variable no <c>$</c> is looked at; behind it an unknown name is an error.
/// Source: rule-engine.md 2.2.</remarks>
internal sealed class VariableTable
{
    private const int MaxNameBytes = 128;

    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private readonly Report _report;

    public VariableTable(Report report) => _report = report;

    /// <summary>Takes a <c>var</c> element.</summary>
    public void Define(MarkupElement element)
    {
        if (element.Attributes.Count != 1 || element.Attribute("name") is not { Length: > 0 } name)
        {
            _report.Error(element, "RULE0001", null, "A <var> needs exactly the attribute 'name'.", "Write <var name=\"NAME\">text</var>.");
            return;
        }

        if (element.Attributes[0].Value.Length >= MaxNameBytes)
        {
            _report.Error(element, "RULE0002", null, "The name of a <var> is 128 bytes or longer.", "Shorten it.");
            return;
        }

        var value = Expand(element, element.Content);
        _values[KeyOf(Encoding.UTF8.GetBytes(name))] = value;
    }

    /// <summary>The bytes with every variable filled in.</summary>
    public byte[] Expand(MarkupElement element, byte[] text)
    {
        if (_values.Count == 0 || !text.AsSpan().Contains((byte)'$'))
            return text;

        var result = new List<byte>(text.Length + 64);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$')
            {
                result.Add(text[i]);
                continue;
            }

            var name = NameAt(text, i + 1);
            if (name.IsEmpty || name[0] == '(')
            {
                result.Add(text[i]);
                continue;
            }

            if (!_values.TryGetValue(KeyOf(name), out var value))
            {
                var shown = Encoding.UTF8.GetString(name);
                _report.Error(
                    element,
                    "RULE0003",
                    null,
                    $"The variable '${shown}' is not defined above.",
                    "Define it with <var>, or remove the '$'."
                );
                return text;
            }

            result.AddRange(value);
            i += name.Length;
        }

        return [.. result];
    }

    private static ReadOnlySpan<byte> NameAt(ReadOnlySpan<byte> text, int start)
    {
        var rest = text[start..];
        var end = rest.IndexOfAny("$.|, "u8);
        return end < 0 ? rest : rest[..end];
    }

    private static string KeyOf(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(AsciiFold.ToLower(name));
}
