using Redoubt.Config;
using Redoubt.Engine;

namespace Redoubt.App.Rules;

/// <summary>What a tool works on: rules, and the configuration that belongs to them.</summary>
/// <param name="Ruleset">Compiled.</param>
/// <param name="Configuration">Of the home; the built-in policy with the shipped rules; defaults with folders named one by one.</param>
/// <param name="Paths">The home, or null when none was named.</param>
internal sealed record LoadedRules(Ruleset Ruleset, Configuration Configuration, HomePaths? Paths);
