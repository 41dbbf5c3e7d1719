using System.Text;
using Redoubt.Model;
using Redoubt.Model.Markup;
using Redoubt.Patterns;

namespace Redoubt.Config;

/// <summary>Reads the centrally distributed <c>agent.conf</c>: the blocks that fit this host.</summary>
/// <remarks>Attributes <c>name</c>, <c>os</c>, <c>profile</c> are OS_Match patterns and are ANDed; none: the block fits every host.
/// Source: active-response.md 1.10.</remarks>
public static class AgentConfReader
{
    private static readonly HashSet<string> Elsewhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "active-response",
        "command",
        "global",
        "ruleset",
        "alerts",
        "socket",
    };

    /// <summary>Reads the text; errors mean that the configuration in force must stay.</summary>
    /// <param name="bytes">Content, merged over the host's groups.</param>
    /// <param name="file">For diagnostics.</param>
    /// <param name="host">The host it is read for; null validates every block.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <param name="takesCommands">Whether the host runs commands that the manager names; without that they are left out with a warning.</param>
    public static AgentConf Read(byte[] bytes, string file, AgentHost? host, DiagnosticBag diagnostics, bool takesCommands = true)
    {
        var sections = new SectionReader(file, diagnostics);
        ResponseLogChoice? form = null;
        foreach (var root in MarkupReader.Read(bytes, file, diagnostics))
        {
            if (!root.Is("agent_config"))
            {
                sections.Error(root, "CONF0070", "1230", $"<{root.Name}> is not part of agent.conf.", "Use <agent_config>.");
                continue;
            }

            if (!Fits(root, host, sections))
                continue;

            foreach (var section in root.Children)
                form = ReadSection(section, sections, diagnostics, file) ?? form;
        }

        // A host's sockets are its own affair: the manager may name them and cannot make others.
        if (host is not null)
            sections.CheckTargets(host.Sockets);

        var read = sections.Build();
        var sources = read.LocalFiles;
        if (!takesCommands && sources.Any(s => LogFormats.IsCommand(s.Format)))
        {
            diagnostics.Warning(
                file,
                0,
                0,
                "CONF0074",
                null,
                "This host does not run commands of the manager; such a <localfile> is left out.",
                "Write logcollector.remote_commands=1 into etc/local_internal_options.conf of the host to allow it."
            );
            sources = [.. sources.Where(s => !LogFormats.IsCommand(s.Format))];
        }

        return new AgentConf(sources, form, read.Labels);
    }

    private static ResponseLogChoice? ReadSection(MarkupElement section, SectionReader sections, DiagnosticBag diagnostics, string file)
    {
        if (section.Is("localfile"))
        {
            sections.LocalFile(section);
        }
        else if (section.Is("labels"))
        {
            sections.Labels(section);
        }
        else if (section.Is("global") && section.Children.Count > 0 && section.Children.All(c => c.Is("active_response_log")))
        {
            var local = new SectionReader(file, diagnostics);
            local.Global(section);
            return local.Build().Global.ResponseLog;
        }
        else if (Elsewhere.Contains(section.Name))
        {
            sections.Warning(
                section,
                "CONF0071",
                null,
                $"<{section.Name}> has no effect in agent.conf.",
                "Write it into the configuration of the manager or of the host."
            );
        }
        else if (section.Is("client") || ConfigurationReader.IsWithoutEffect(section))
        {
            sections.WithoutEffect(section, $"<{section.Name}>");
        }
        else
        {
            sections.Error(section, "CONF0005", "1230", $"Unknown section <{section.Name}>.", "Check the spelling, or remove it.");
        }

        return null;
    }

    private static bool Fits(MarkupElement root, AgentHost? host, SectionReader sections)
    {
        var fits = true;
        foreach (var attribute in root.Attributes)
        {
            var value = attribute.Name switch
            {
                "name" => host?.Name,
                "os" => host?.Os,
                "profile" => host?.Profile,
                _ => null,
            };
            if (attribute.Name is not ("name" or "os" or "profile"))
            {
                if (!string.Equals(attribute.Name, "overwrite", StringComparison.Ordinal))
                    sections.Warning(
                        root,
                        "CONF0072",
                        null,
                        $"<agent_config> has no attribute '{attribute.Name}'.",
                        "Use name, os or profile."
                    );

                continue;
            }

            var pattern = OsMatch.Parse(attribute.Value, out var problem);
            if (pattern is null)
                sections.Error(
                    root,
                    "CONF0073",
                    null,
                    $"The pattern of '{attribute.Name}' is not valid: {problem}.",
                    "Write names, separated by |."
                );
            else if (host is not null && !pattern.IsMatch(Encoding.UTF8.GetBytes(value ?? string.Empty)))
                fits = false;
        }

        return fits;
    }
}
