namespace CnnFast.Benchmarks.Peers;

/// <summary>How fast a model is ready.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Ours">This library.</param>
/// <param name="Peer">ONNX Runtime.</param>
internal sealed record StartRow(string Model, StartTime Ours, StartTime Peer)
{
    /// <summary>The name of the row.</summary>
    public string Key => $"{Model}:start";
}
