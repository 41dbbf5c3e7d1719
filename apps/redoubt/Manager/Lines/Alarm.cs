using Redoubt.Model;

namespace Redoubt.App.Manager;

/// <summary>What people must hear of a decision, as an alert of Redoubt's own.</summary>
/// <param name="Rule">One of <see cref="OwnRules"/>.</param>
/// <param name="Text">What happened.</param>
internal sealed record Alarm(RuleSummary Rule, string Text);
