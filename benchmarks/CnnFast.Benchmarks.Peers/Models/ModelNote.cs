namespace CnnFast.Benchmarks.Peers;

/// <summary>A figure of the whole library that is no time of a run.</summary>
/// <param name="Key">What was measured, such as <c>lenet5:start</c>.</param>
/// <param name="Text">The figures in words.</param>
/// <param name="Figures">The figures by name.</param>
/// <param name="Verdict">The figure held against its target, or null where it has none.</param>
internal sealed record ModelNote(string Key, string Text, IReadOnlyDictionary<string, double> Figures, ModelVerdict? Verdict);
