using Redoubt.Decide;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Config;

// <command>: active-response.md 1.2.
internal sealed partial class SectionReader
{
    private const int MaxExtraArgumentsLength = 2047;

    internal void Command(MarkupElement section)
    {
        string? name = null,
            executable = null;
        var timeoutAllowed = false;
        IReadOnlyList<string> extra = [];
        ExpectedFields? expect = null;
        var protocol = ScriptProtocol.Auto;
        var deadline = 0;
        foreach (var child in section.Children)
        {
            if (child.Content.Length == 0 && !child.Is("expect"))
            {
                Error(child, "CONF0012", "1234", $"<{child.Name}> of <command> is empty.", "Give it a value, or remove it.");
                continue;
            }

            switch (child.Name.ToLowerInvariant())
            {
                case "name":
                    name = child.Text;
                    break;
                case "executable":
                    executable = Executable(child);
                    break;
                case "timeout_allowed":
                    timeoutAllowed = YesNo(child, false);
                    break;
                case "extra_args":
                    extra = ExtraArguments(child);
                    break;
                case "expect":
                    expect = Expect(child);
                    break;
                case "protocol":
                    protocol = Protocol(child);
                    break;
                case "deadline":
                    deadline = Deadline(child);
                    break;
                default:
                    Unknown(section, child);
                    break;
            }
        }

        if (name is null || executable is null)
        {
            if (!section.Children.Any(c => c.Is("executable") && c.Content.Length > 0) || name is null)
                Error(section, "CONF0030", "1280", "<command> needs <name> and <executable>.", "Add what is missing.");

            return;
        }

        if (name.StartsWith('!'))
        {
            Error(section, "CONF0031", "1235", $"The command's name '{name}' starts with '!'.", "Take the '!' away.");
            return;
        }

        if (_commands.Exists(c => string.Equals(c.Name, name, StringComparison.Ordinal)))
        {
            Error(section, "CONF0032", null, $"There is a command '{name}' already.", "Give one of them another name.");
            return;
        }

        _commands.Add(
            new CommandOptions
            {
                Name = name,
                Executable = executable,
                TimeoutAllowed = timeoutAllowed,
                ExtraArguments = extra,
                Expect = expect,
                Protocol = protocol,
                DeadlineSeconds = deadline,
            }
        );
    }

    // OSSEC demands it, Wazuh since 4.2 reads over it: a word it does not know is worth a warning, not a stop.
    private ExpectedFields Expect(MarkupElement child)
    {
        var expected = ExpectedFields.None;
        foreach (var word in child.Text.Split([',', ' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            switch (word)
            {
                case "srcip":
                    expected |= ExpectedFields.SourceAddress;
                    break;
                case "user" or "username":
                    expected |= ExpectedFields.User;
                    break;
                case "filename":
                    expected |= ExpectedFields.FileName;
                    break;
                default:
                    Warning(child, "CONF0053", null, $"<expect> does not know '{word}'.", "Write srcip, user, filename, or nothing.");
                    break;
            }
        }

        return expected;
    }

    private ScriptProtocol Protocol(MarkupElement child)
    {
        switch (child.Text)
        {
            case "auto":
                return ScriptProtocol.Auto;
            case "json":
                return ScriptProtocol.Json;
            case "argv":
                return ScriptProtocol.Arguments;
            default:
                BadValue(child, "Write auto, json or argv.");
                return ScriptProtocol.Auto;
        }
    }

    private int Deadline(MarkupElement child)
    {
        const int longest = 3600;
        if (Seconds(child.Text) is { } seconds and >= 1 and <= longest)
            return (int)seconds;

        BadValue(child, "Write seconds, or a number with s, m or h; from one second to one hour.");
        return 0;
    }

    // One file below active-response/bin; '..' could leave it.
    private string? Executable(MarkupElement child)
    {
        var text = child.Text.TrimStart('/');
        if (text.Length > 0 && !text.Split('/').Contains("..") && !text.Any(char.IsControl))
            return text;

        Error(child, "CONF0033", null, $"'{Shown(child)}' leaves active-response/bin.", "Name a file below active-response/bin.");
        return null;
    }

    private string[] ExtraArguments(MarkupElement child)
    {
        if (child.Text.Length <= MaxExtraArgumentsLength)
            return child.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Error(child, "CONF0034", null, $"<extra_args> is longer than {MaxExtraArgumentsLength} characters.", "Shorten it.");
        return [];
    }
}
