namespace Redoubt.Model;

/// <summary>Whether decisions change anything. Where several apply, the strictest (<see cref="Observe"/>) wins.</summary>
public enum ResponseMode
{
    /// <summary>Responses run.</summary>
    Enforce,

    /// <summary>Everything is decided and recorded, nothing is changed.</summary>
    Observe,
}
