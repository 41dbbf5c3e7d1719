using Redoubt.Model;

namespace Redoubt.App.Replay;

/// <summary>A line that is recorded or decided upon.</summary>
/// <param name="Alert">Copied out of the engine; its id is given when it is recorded.</param>
/// <param name="IsAlert">Whether it is an alert; else it only goes to the archives or to a response.</param>
/// <param name="HasResponse">Whether a response is bound to its rule.</param>
internal readonly record struct ReplayedAlert(Alert Alert, bool IsAlert, bool HasResponse);
