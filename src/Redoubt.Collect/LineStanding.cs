using System.Runtime.InteropServices;
using Redoubt.Model;

namespace Redoubt.Collect;

/// <summary>What a source knows of who wrote a line.</summary>
/// <param name="Origin">How far its claims can be trusted.</param>
/// <param name="Writer">Who wrote it, where that is not who it claims; else null.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LineStanding(LineOrigin Origin, string? Writer = null);
