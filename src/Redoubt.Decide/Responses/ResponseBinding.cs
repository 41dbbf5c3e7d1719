namespace Redoubt.Decide;

/// <summary>Why a response is bound to a rule.</summary>
public enum ResponseBinding
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>By level or group. Alerts of our own response log do not trigger these: they would feed themselves.</summary>
    ByProperty,

    /// <summary>By the rule's id.</summary>
    ById,
}
