namespace CnnFast.Benchmarks.Peers;

/// <summary>An engine with the candidate that it enters for a row.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Candidate">Its fastest candidate.</param>
/// <param name="Calls">Calls a turn.</param>
/// <param name="WarmUps">Calls before them that are not timed.</param>
internal sealed record Contender(Engine Engine, Candidate Candidate, int Calls, int WarmUps);
