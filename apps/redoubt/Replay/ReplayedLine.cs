using Redoubt.Model;

namespace Redoubt.App.Replay;

/// <summary>What a line led to, in so far as later stages want to know.</summary>
/// <param name="Rule">Its rule.</param>
/// <param name="Alert">Copied out of the engine; its id is given when it is recorded. Null when nobody wants it.</param>
/// <param name="IsAlert">Whether it is an alert; else it only goes to the archives or to a response.</param>
/// <param name="HasResponse">Whether a response is bound to its rule.</param>
/// <param name="CostAlert">The alert about a line that was too costly, or null.</param>
internal sealed record ReplayedLine(RuleSummary? Rule, Alert? Alert, bool IsAlert, bool HasResponse, Alert? CostAlert);
