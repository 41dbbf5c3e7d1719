using Redoubt.Model;

namespace Redoubt.Decide;

/// <summary>The values of <c>&lt;require_origin&gt;</c>: on whose lines a response acts.</summary>
public enum RequiredOrigin
{
    /// <summary>Those of daemons of the host, as its files and its journal have them; default.</summary>
    Relayed,

    /// <summary>Only those that <see cref="LineOrigin.Verified"/> stands for.</summary>
    Verified,

    /// <summary>Also what came over the network or from an ordinary account; never what is forged.</summary>
    Any,
}
