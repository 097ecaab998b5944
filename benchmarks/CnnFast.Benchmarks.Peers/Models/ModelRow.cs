namespace CnnFast.Benchmarks.Peers;

/// <summary>One model, timed on all engines in turns.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Batch">Samples of a run.</param>
/// <param name="Threads">Threads of each engine.</param>
/// <param name="Ours">This library.</param>
/// <param name="Peers">ONNX Runtime, as it is by default and tuned.</param>
/// <param name="AllocatedBytes">Bytes that a run of ours allocates.</param>
/// <param name="Difference">The largest difference of two outputs, by the largest output.</param>
/// <param name="Wrong">What is wrong with the outputs, or null.</param>
/// <param name="First">The first second of both engines, or null where it was left out.</param>
/// <param name="IsSteady">Whether nothing was compiled any more when the times were taken.</param>
internal sealed record ModelRow(string Model, int Batch, int Threads, ModelTime Ours, IReadOnlyList<ModelTime> Peers, double AllocatedBytes,
    double Difference, string? Wrong, FirstSecond? First, bool IsSteady)
{
    /// <summary>The time of the best peer by ours, from the fastest runs.</summary>
    public double RatioBest => Peers.Min(p => p.Best) / Ours.Best;

    /// <summary>The time of the best peer by ours, from the middle runs.</summary>
    public double RatioMedian => Peers.Min(p => p.Median) / Ours.Median;

    /// <summary>The spread of the peer whose middle run is the fastest.</summary>
    public double PeerSpread => Peers.MinBy(p => p.Median)!.Spread;
}
