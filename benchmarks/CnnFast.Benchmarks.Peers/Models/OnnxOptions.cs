namespace CnnFast.Benchmarks.Peers;

/// <summary>What the command line of the benchmark of ONNX files asks for.</summary>
/// <param name="Files">The files.</param>
/// <param name="Families">The names of generated models.</param>
/// <param name="Shapes">Dimensions of inputs by name; the empty name is that of the first input.</param>
/// <param name="Threads">Threads of each engine.</param>
/// <param name="Seconds">Seconds for each engine and model.</param>
/// <param name="Json">A file for the rows, or null.</param>
/// <param name="Check">Whether rows that miss a target make the command fail.</param>
/// <param name="Save">Whether the rows go into the results of this processor.</param>
/// <param name="Profile">Whether our slowest nodes are printed.</param>
/// <param name="RunsOnly">Whether loading is not timed.</param>
/// <param name="SteadyOnly">Whether the first second is left out.</param>
internal sealed record OnnxOptions(IReadOnlyList<string> Files, IReadOnlyList<string> Families, IReadOnlyDictionary<string, int[]> Shapes,
    int Threads, double Seconds, string? Json, bool Check, bool Save, bool Profile, bool RunsOnly, bool SteadyOnly);
