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
                _labels[key] = child.Text.Trim();
            else
                Error(child, "CONF0085", "1235", "A <label> has no key.", "Write <label key=\"NAME\">TEXT</label>.");
        }
    }
}
