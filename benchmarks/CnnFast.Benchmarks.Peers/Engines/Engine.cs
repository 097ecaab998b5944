namespace CnnFast.Benchmarks.Peers;

/// <summary>A library that computes convolutions.</summary>
/// <param name="name">Its short name, a column of the table.</param>
/// <param name="description">Name and version.</param>
internal abstract class Engine(string name, string description)
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    /// <summary>The ways in which it computes a pass; the fastest is timed. None where it does not compute such a pass.</summary>
    public abstract IEnumerable<Candidate> Candidates(ConvolutionData data, ConvolutionPass pass);
}
