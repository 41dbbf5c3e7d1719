using System.Globalization;
using System.Text;
using Redoubt.Decide;

namespace Redoubt.Config;

/// <summary>The text of <c>etc/shared/ar.conf</c>: which name stands for which program and time, as Wazuh's tools and agents read it.</summary>
/// <remarks>Redoubt's own agents do not need it: an order names its program. Source: active-response.md 1.9; equal lines are written once.</remarks>
public static class ArConf
{
    // What Wazuh writes first, whatever is configured.
    private const string Fixed = """
        restart-ossec0 - restart-ossec.sh - 0
        restart-ossec0 - restart-ossec.cmd - 0
        restart-wazuh0 - restart-ossec.sh - 0
        restart-wazuh0 - restart-ossec.cmd - 0
        restart-wazuh0 - restart-wazuh - 0
        restart-wazuh0 - restart-wazuh.exe - 0

        """;

    /// <summary>The whole file: the fixed lines, then one line a response in the order of the configuration.</summary>
    public static string Text(IEnumerable<ActiveResponseOptions> responses)
    {
        var text = new StringBuilder(Fixed.ReplaceLineEndings("\n"));
        foreach (var line in responses.Select(LineOf).Distinct(StringComparer.Ordinal))
            text.Append(line).Append('\n');
        return text.ToString();
    }

    private static string LineOf(ActiveResponseOptions response) =>
        $"{response.InternalName} - {response.Command.Executable} - {response.TimeoutSeconds.ToString(CultureInfo.InvariantCulture)}";
}
