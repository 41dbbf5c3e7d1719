using System.Text;
using Redoubt.Collect;
using Redoubt.Model.Markup;

namespace Redoubt.Config;

// <socket>, and <target> and <out_format> of <localfile>: where lines go.
internal sealed partial class SectionReader
{
    // The kernel's sun_path, its ending NUL left out.
    private const int LongestSocketPath = 107;

    private readonly List<OutputSocketOptions> _sockets = [];
    private readonly List<(MarkupElement At, string Name)> _targetsNamed = [];

    internal void Socket(MarkupElement section)
    {
        string? name = null,
            path = null;
        var isStream = false;
        var prefix = string.Empty;
        foreach (var child in section.Children)
        {
            switch (child.Name.ToLowerInvariant())
            {
                case "name":
                    name = child.Text.Trim();
                    break;
                case "location":
                    path = child.Text.Trim();
                    break;
                case "mode":
                    isStream = IsStream(child);
                    break;
                case "prefix":
                    prefix = child.Text;
                    break;
                default:
                    Unknown(section, child);
                    break;
            }
        }

        if (string.IsNullOrEmpty(name) || string.IsNullOrEmpty(path) || Encoding.UTF8.GetByteCount(path) > LongestSocketPath)
            Error(
                section,
                "CONF0076",
                "1235",
                $"<socket> needs <name> and <location>, the path of a Unix socket of at most {LongestSocketPath} bytes.",
                "Add what is missing, or shorten the path."
            );
        else if (name.Contains(',', StringComparison.Ordinal) || IsAgent(name) || _sockets.Exists(s => s.Name == name))
            Error(
                section,
                "CONF0077",
                "1235",
                $"A socket cannot be called '{Shown(name)}': it is taken, or has a comma.",
                "Choose another name than agent and those of other sockets."
            );
        else
            _sockets.Add(
                new OutputSocketOptions
                {
                    Name = name,
                    Path = path,
                    IsStream = isStream,
                    Prefix = prefix,
                }
            );
    }

    /// <summary>Reports targets that are none of these sockets.</summary>
    internal void CheckTargets(IReadOnlyList<OutputSocketOptions> sockets)
    {
        foreach (var (at, name) in _targetsNamed.Where(t => !IsAgent(t.Name) && sockets.All(s => s.Name != t.Name)))
            Error(
                at,
                "CONF0078",
                "1235",
                $"Target '{Shown(name)}' is no socket of this host.",
                "Write agent, or the name of a <socket> of the host's own configuration."
            );
    }

    private static bool IsAgent(string name) => string.Equals(name, LocalFileOptions.Agent, StringComparison.Ordinal);

    private bool IsStream(MarkupElement mode)
    {
        if (mode.Text.Trim() is not ("tcp" or "udp"))
            BadValue(mode, "Write tcp for a stream, or udp for datagrams.");

        return mode.Text.Trim() == "tcp";
    }

    private string[] Targets(MarkupElement child)
    {
        var names = child.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        if (names.Length == 0)
            BadValue(child, "Write agent, names of sockets, or both, separated by commas.");

        _targetsNamed.AddRange(names.Select(name => (child, name)));
        return names;
    }

    private OutFormatOptions[] OutFormat(MarkupElement child)
    {
        var problem = "it is empty";
        if (child.Text.Length > 0 && OutputTemplate.Parse(child.Text, out problem) is { } template)
            return [new OutFormatOptions(child.Attribute("target")?.Trim(), template)];

        Error(
            child,
            "CONF0079",
            "1235",
            $"<out_format> is not valid: {problem}.",
            $"Write text and parameters such as $(log); known are {string.Join(", ", OutputTemplate.Parameters)}."
        );
        return [];
    }

    private void CheckOutFormats(MarkupElement section, LocalFileOptions file)
    {
        foreach (var name in file.OutFormats.Select(f => f.Target).OfType<string>().Except(file.Targets, StringComparer.Ordinal))
            Error(
                section,
                "CONF0078",
                "1235",
                $"<out_format> is for '{Shown(name)}', which is no <target> of this <localfile>.",
                "Name it in <target>, or correct the attribute."
            );
    }
}
