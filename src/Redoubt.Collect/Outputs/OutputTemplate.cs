using System.Buffers;
using System.Text;

namespace Redoubt.Collect;

/// <summary><c>out_format</c>: the form in which the records of a source are sent, such as <c>$(hostname): $(log)</c>.</summary>
/// <remarks>Immutable; threads: safe. Cost of a record: a copy, and with <c>json_log</c> an escaping.</remarks>
public sealed class OutputTemplate
{
    private static readonly Dictionary<string, Field> Names = new(StringComparer.Ordinal)
    {
        ["log"] = Field.Log,
        ["output"] = Field.Log,
        ["json_log"] = Field.JsonLog,
        ["location"] = Field.Location,
        ["command"] = Field.Location,
        ["base_location"] = Field.BaseLocation,
        ["timestamp"] = Field.Timestamp,
        ["hostname"] = Field.HostName,
        ["host_ip"] = Field.HostAddress,
    };

    private readonly (Field Field, string Text)[] _parts;

    private OutputTemplate(string text, (Field Field, string Text)[] parts) => (Text, _parts) = (text, parts);

    private enum Field
    {
        Literal,
        Log,
        JsonLog,
        Location,
        BaseLocation,
        Timestamp,
        HostName,
        HostAddress,
    }

    /// <summary>As configured.</summary>
    public string Text { get; }

    /// <summary>Names of the parameters, for the one who wrote a wrong one.</summary>
    public static IEnumerable<string> Parameters => Names.Keys;

    /// <summary>Reads a template.</summary>
    /// <param name="text">Literal text and parameters, <c>$(NAME)</c>; <c>timestamp</c> may have a form with codes of <c>strftime</c> behind it.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <returns>Null if it names a parameter that is none, or does not close one.</returns>
    public static OutputTemplate? Parse(string text, out string? problem)
    {
        problem = null;
        var parts = new List<(Field, string)>();
        var rest = text.AsSpan();
        while (rest.IndexOf("$(") is >= 0 and var start)
        {
            if (start > 0)
                parts.Add((Field.Literal, rest[..start].ToString()));

            var length = rest[start..].IndexOf(')');
            if (length < 0)
            {
                problem = $"'{rest[start..]}' has no closing bracket";
                return null;
            }

            var parameter = rest.Slice(start + 2, length - 2).Trim();
            var blank = parameter.IndexOf(' ');
            var name = (blank < 0 ? parameter : parameter[..blank]).ToString();
            var form = blank < 0 ? string.Empty : parameter[(blank + 1)..].Trim().ToString();
            if (!Names.TryGetValue(name, out var field) || (form.Length > 0 && field != Field.Timestamp))
            {
                problem = $"'$({parameter})' is not known";
                return null;
            }

            parts.Add((field, form));
            rest = rest[(start + length + 1)..];
        }

        if (!rest.IsEmpty)
            parts.Add((Field.Literal, rest.ToString()));

        return new OutputTemplate(text, [.. parts]);
    }

    /// <summary>Writes a record in this form.</summary>
    internal void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> log, string location, OutputSurroundings surroundings)
    {
        foreach (var (field, text) in _parts)
        {
            switch (field)
            {
                case Field.Log:
                    output.Write(log);
                    break;
                case Field.JsonLog:
                    JsonText.Write(output, log);
                    break;
                default:
                    Write(
                        output,
                        field switch
                        {
                            Field.Location => location,
                            Field.BaseLocation => Path.GetFileName(location),
                            Field.Timestamp => surroundings.Timestamp(text),
                            Field.HostName => Environment.MachineName,
                            Field.HostAddress => surroundings.HostAddress(),
                            _ => text,
                        }
                    );
                    break;
            }
        }
    }

    private static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
