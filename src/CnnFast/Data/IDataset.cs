namespace CnnFast.Data;

/// <summary>
/// Samples to train and measure models on: what there is, and how some of it is written into a batch. It may be larger than memory.
/// Implementations are thread-safe and give the same sample for the same index and epoch, whoever asks for it and when.
/// </summary>
public interface IDataset
{
    /// <summary>The number of samples, at least 1.</summary>
    int Count { get; }

    /// <summary>The shape of one sample for every input of the model.</summary>
    IReadOnlyList<Shape> Inputs { get; }

    /// <summary>What the targets of one sample are, for every output of the model.</summary>
    IReadOnlyList<TargetInfo> Targets { get; }

    /// <summary>Whether samples count with weights of their own; else each counts 1.</summary>
    bool HasSampleWeights => false;

    /// <summary>What the classes of the first target are called, or null where nobody says; training leaves them to the model.</summary>
    IReadOnlyList<string>? ClassNames => null;

    /// <summary>Writes samples into a batch, one after the other. Called on any thread, for different batches on several at once.</summary>
    /// <param name="indices">The samples, each from 0 to <see cref="Count"/> − 1; one may come twice.</param>
    /// <param name="epoch">The epoch, from 0: it decides random changes.</param>
    /// <param name="batch">What to write to: every value of every input and target, and weights where there are any.</param>
    void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch);
}
