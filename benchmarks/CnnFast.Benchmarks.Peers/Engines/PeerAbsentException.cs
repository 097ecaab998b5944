namespace CnnFast.Benchmarks.Peers;

/// <summary>A peer that is not installed or does not load here; the message says what would help.</summary>
/// <param name="message">One sentence.</param>
internal sealed class PeerAbsentException(string message) : Exception(message);
