using System.Text;

namespace Redoubt.Collect;

/// <summary>A condition on an entry of the journal.</summary>
/// <param name="Field">The field's name, such as <c>_SYSTEMD_UNIT</c>.</param>
/// <param name="Pattern">What its value must fit.</param>
/// <param name="PassesWithout">Whether an entry without the field fulfils it.</param>
/// <remarks>Immutable; threads: safe.</remarks>
public sealed record JournalFilter(string Field, LinePattern Pattern, bool PassesWithout = false)
{
    /// <summary>As the journal's library wants it.</summary>
    internal byte[] FieldName { get; } = Encoding.UTF8.GetBytes(Field + "\0");
}
