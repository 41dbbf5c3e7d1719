using Redoubt.Model.Markup;

namespace Redoubt.Config;

// <labels>: what an administrator wants to know a host by.
internal sealed partial class SectionReader
{
    internal void Labels(MarkupElement section)
    {
        foreach (var child in section.Children)
        {
            if (!child.Is("label"))
                Unknown(section, child);
            else if (child.Attribute("key")?.Trim() is { Length: > 0 } key)
                _labels[key] = new HostLabel(child.Text.Trim(), IsHidden(child, key));
            else
                Error(child, "CONF0085", "1235", "A <label> has no key.", "Write <label key=\"NAME\">TEXT</label>.");
        }
    }

    private bool IsHidden(MarkupElement label, string key)
    {
        var hidden = label.Attribute("hidden") ?? "no";
        if (hidden is not ("yes" or "no"))
            Error(label, "CONF0011", "1235", $"'{Shown(hidden)}' is not a value for the attribute hidden.", "Write yes or no.");

        return key.StartsWith('_') || hidden == "yes";
    }
}
