using Redoubt.Decide;
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
            }
        );
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
