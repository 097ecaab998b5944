namespace CnnFast.Benchmarks.Peers;

/// <summary>The training of one model, timed on both engines in turns.</summary>
/// <param name="Training">The model.</param>
/// <param name="Batch">Samples of a step.</param>
/// <param name="Ours">This library, in seconds a step.</param>
/// <param name="Peer">libtorch in its faster format; null where it is absent.</param>
/// <param name="AllocatedBytes">Bytes that a step of ours allocates.</param>
/// <param name="OursMegabytes">How far our first steps raise the memory of a process of their own; NaN where unknown.</param>
/// <param name="PeerMegabytes">The same of the peer.</param>
/// <param name="Losses">The losses of the first steps held against each other.</param>
internal sealed record TrainingRow(TrainingCase Training, int Batch, ModelTime Ours, ModelTime? Peer, double AllocatedBytes,
    double OursMegabytes, double PeerMegabytes, LossComparison Losses)
{
    /// <summary>The peer's fastest step by ours; NaN without one.</summary>
    public double RatioBest => Peer?.Best / Ours.Best ?? double.NaN;

    /// <summary>The peer's middle step by ours; NaN without one.</summary>
    public double RatioMedian => Peer?.Median / Ours.Median ?? double.NaN;
}
