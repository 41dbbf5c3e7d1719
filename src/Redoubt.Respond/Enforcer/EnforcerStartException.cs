namespace Redoubt.Respond;

/// <summary>The enforcer cannot start; the message is one line for people: what, and what to do. Nothing was left half started.</summary>
public sealed class EnforcerStartException(string message, Exception? inner = null) : Exception(message, inner);
