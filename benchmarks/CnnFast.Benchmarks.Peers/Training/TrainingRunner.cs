namespace CnnFast.Benchmarks.Peers;

/// <summary>Training in one engine: a run is a step, which is forward, loss, backward and optimizer.</summary>
/// <param name="engine">The name of its columns.</param>
/// <param name="variant">How it runs.</param>
internal abstract class TrainingRunner(string engine, string variant) : ModelRunner(engine, variant)
{
    /// <summary>The loss of the last step.</summary>
    public double Loss { get; protected set; }

    /// <summary>The loss of the last step as the output that is held against the other engine's.</summary>
    public override IReadOnlyList<float[]> Read() => [[(float)Loss]];
}
