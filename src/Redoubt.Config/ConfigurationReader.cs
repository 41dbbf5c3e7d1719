using Redoubt.Decide;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Config;

/// <summary>Reads <c>redoubt.conf</c> or <c>ossec.conf</c>.</summary>
/// <remarks>All problems are reported at once, with file and line. Several roots are one configuration, in file order.
/// Source: active-response.md section 1.</remarks>
public static class ConfigurationReader
{
    private static readonly HashSet<string> Roots = new(StringComparer.OrdinalIgnoreCase) { "ossec_config", "redoubt_config" };

    // Sections of Wazuh 4.x and OSSEC that configure what Redoubt does not do (yet) or does not need.
    private static readonly HashSet<string> WithoutEffect = new(StringComparer.OrdinalIgnoreCase)
    {
        "agent-key-polling",
        "agent-upgrade",
        "agentless",
        "agents",
        "auth",
        "aws-s3",
        "azure-logs",
        "client_buffer",
        "cluster",
        "database_output",
        "docker-listener",
        "email_alerts",
        "fluent-forward",
        "gcp-bucket",
        "gcp-pubsub",
        "github",
        "indexer",
        "integration",
        "logging",
        "ms-graph",
        "office365",
        "open-scap",
        "osquery",
        "reports",
        "rootcheck",
        "rule_test",
        "rules",
        "sca",
        "syscheck",
        "syscollector",
        "syslog_output",
        "task-manager",
        "vulnerability-detection",
        "vulnerability-detector",
        "wazuh_db",
        "wodle",
        "anti_tampering",
    };

    /// <summary>Reads the file of a home.</summary>
    /// <param name="path">The file; a missing one gives the defaults and a note.</param>
    /// <param name="diagnostics">Receives everything worth knowing.</param>
    /// <returns>The configuration; meaningful only when the bag holds no error.</returns>
    public static Configuration ReadFile(string path, DiagnosticBag diagnostics)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            diagnostics.Note(
                path,
                0,
                0,
                "CONF0001",
                null,
                "There is no configuration file; defaults are in force.",
                "Create it to change them."
            );
            return new Configuration();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Unreadable(path, "CONF0002", e);
            return new Configuration();
        }

        return Read(bytes, path, diagnostics);
    }

    /// <summary>Reads the text of a configuration file.</summary>
    public static Configuration Read(byte[] bytes, string file, DiagnosticBag diagnostics)
    {
        var sections = new SectionReader(file, diagnostics);
        var roots = MarkupReader.Read(bytes, file, diagnostics);
        if (roots.Count == 0 && !diagnostics.HasErrors)
            diagnostics.Warning(
                file,
                0,
                0,
                "CONF0006",
                null,
                "The file holds no configuration; defaults are in force.",
                "Write <redoubt_config> and its sections."
            );

        foreach (var root in roots)
        {
            if (!Roots.Contains(root.Name))
            {
                sections.Error(
                    root,
                    "CONF0003",
                    "1230",
                    $"<{root.Name}> is not a configuration.",
                    "Use <redoubt_config> or <ossec_config>."
                );
                continue;
            }

            foreach (var section in root.Children)
                ReadSection(section, sections);
        }

        var configuration = sections.Build();
        sections.CheckTargets(configuration.Sockets);
        return configuration;
    }

    /// <summary>Whether the section is one of Wazuh's that is read and then left alone.</summary>
    internal static bool IsWithoutEffect(MarkupElement section) => WithoutEffect.Contains(section.Name);

    private static void ReadSection(MarkupElement section, SectionReader sections)
    {
        switch (section.Name.ToLowerInvariant())
        {
            case "global":
                sections.Global(section);
                break;
            case "alerts":
                sections.Alerts(section);
                break;
            case "command":
                sections.Command(section);
                break;
            case "active-response":
                sections.ActiveResponse(section);
                break;
            case "localfile":
                sections.LocalFile(section);
                break;
            case "socket":
                sections.Socket(section);
                break;
            case "ruleset":
                sections.Ruleset(section);
                break;
            case "remote":
                sections.Remote(section);
                break;
            case "agent_port":
                sections.AgentPort(section);
                break;
            case "client":
                sections.Client(section);
                break;
            case "labels":
                sections.Labels(section);
                break;
            case not null when IsWithoutEffect(section):
                sections.WithoutEffect(section, $"<{section.Name}>");
                break;
            default:
                sections.Error(section, "CONF0005", "1230", $"Unknown section <{section.Name}>.", "Check the spelling, or remove it.");
                break;
        }
    }
}
