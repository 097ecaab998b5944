namespace CnnFast.Data;

/// <summary>
/// Assembles the batches of an epoch off the training thread: while one batch is in use, threads of the pool fill the buffers of the
/// next ones, each of a batch of its own. The order depends on nothing but the seed, the epoch and the number of samples, and batches are
/// the same with any number of fillers. No thread is kept between batches, and none is ever waited for that has not started: the caller
/// then fills the batch itself. One consumer at a time; the data set may be shared.
/// </summary>
/// <example>
/// <code>
/// using var loader = new BatchLoader(digits.Train.Normalized(model.Normalization), batchSize: 64, seed: 1);
/// for (int epoch = 0; epoch &lt; 3; epoch++)
/// {
///     loader.StartEpoch(epoch, cancellationToken);
///     while (loader.MoveNext())
///         Train(loader.Current.Input(), loader.Current.Labels());
/// }
/// </code>
/// </example>
public sealed class BatchLoader : IDisposable
{
    private const int MaxFillers = 64;
    private const int MaxDefaultFillers = 4;

    private readonly int[] _order;
    private readonly BatchSlot[] _slots;
    private readonly bool _shuffle;
    private readonly bool _prefetch;
    private readonly ulong _seed;
    private CancellationToken _cancellationToken;
    private Batch? _current;
    private int _next;
    private int _scheduled;
    private int _epoch;
    private bool _running;
    private bool _disposed;

    /// <summary>Creates a loader over a data set.</summary>
    /// <param name="dataset">The samples; <see cref="ImageDatasets.Normalized"/> says how bytes of images become numbers.</param>
    /// <param name="batchSize">Samples in a batch, at least 1; the last batch of an epoch may be smaller.</param>
    /// <param name="seed">Decides the order of every epoch.</param>
    /// <param name="shuffle">Whether an epoch has a random order; else it is that of the data set.</param>
    /// <param name="prefetch">
    /// Whether threads of the pool fill the next batches; else the caller does, and no other thread is touched. The batches are the same.
    /// </param>
    /// <param name="fillers">
    /// The most batches that are filled ahead, each by a thread of its own, from 1 to 64; 0, the default, means half the processors and 4
    /// at most. Each takes the memory of a batch.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is below 1, or <paramref name="fillers"/> is out of
    /// range.</exception>
    /// <exception cref="ShapeException">The data set is empty, or a batch would hold more values than one tensor can.</exception>
    public BatchLoader(IDataset dataset, int batchSize, ulong seed = 0, bool shuffle = true, bool prefetch = true,
        int fillers = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (batchSize < 1)
            throw new ArgumentOutOfRangeException(nameof(batchSize), batchSize,
                $"BatchLoader: the batch size is {batchSize}; expected at least 1.");
        if (fillers is < 0 or > MaxFillers)
            throw new ArgumentOutOfRangeException(nameof(fillers), fillers,
                $"BatchLoader: fillers is {fillers}; expected 0 to {MaxFillers}.");
        int count = dataset.Count;
        if (count < 1)
            throw new ShapeException($"BatchLoader: the data set has {count} samples; expected at least 1.");
        _order = ImageDataset.Order(count);
        _seed = seed;
        _shuffle = shuffle;
        _prefetch = prefetch;
        BatchSize = Math.Min(batchSize, count);
        BatchesPerEpoch = ((count - 1) / BatchSize) + 1;
        fillers = !prefetch ? 0 : fillers == 0 ? Math.Clamp(CpuInfo.DefaultThreads / 2, 1, MaxDefaultFillers) : fillers;
        _slots = [.. Enumerable.Range(0, Math.Min(1 + fillers, BatchesPerEpoch)).Select(_ => new BatchSlot(dataset, BatchSize))];
    }

    /// <summary>Samples in a batch but the last: what was asked for, or the size of the data set where that is less.</summary>
    public int BatchSize { get; }

    /// <summary>Samples in an epoch.</summary>
    public int Count => _order.Length;

    /// <summary>Batches in an epoch, at least 1.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>The batch that the last <see cref="MoveNext"/> moved to.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Batch Current => _current
        ?? throw new InvalidOperationException(
            "BatchLoader: there is no current batch; call StartEpoch, then MoveNext while it returns true.");

    /// <summary>Starts an epoch from its first batch; one that is under way is dropped.</summary>
    /// <param name="epoch">The epoch, at least 0: with the seed it decides the order.</param>
    /// <param name="cancellationToken">Ends the epoch: <see cref="MoveNext"/> then throws.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epoch"/> is negative.</exception>
    /// <exception cref="ObjectDisposedException">The loader was disposed.</exception>
    public void StartEpoch(int epoch, CancellationToken cancellationToken) => StartEpoch(epoch, 0, cancellationToken);

    /// <summary>
    /// Starts an epoch, in the middle where it is to go on: the batches that follow are those of the whole epoch. One that is under way is
    /// dropped.
    /// </summary>
    /// <param name="epoch">The epoch, at least 0: with the seed it decides the order.</param>
    /// <param name="firstBatch">The batch that comes first, from 0 to <see cref="BatchesPerEpoch"/>, where none is left.</param>
    /// <param name="cancellationToken">Ends the epoch: <see cref="MoveNext"/> then throws.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch or the batch is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The loader was disposed.</exception>
    public void StartEpoch(int epoch, int firstBatch = 0, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (epoch < 0)
            throw new ArgumentOutOfRangeException(nameof(epoch), epoch, $"BatchLoader: the epoch is {epoch}; expected at least 0.");
        if (firstBatch < 0 || firstBatch > BatchesPerEpoch)
            throw new ArgumentOutOfRangeException(nameof(firstBatch), firstBatch,
                $"BatchLoader: the first batch is {firstBatch}; expected 0 to {BatchesPerEpoch}.");
        Stop();
        if (_shuffle)
            Shuffle(_order, _seed, epoch);
        _cancellationToken = cancellationToken;
        _epoch = epoch;
        _next = firstBatch;
        _scheduled = firstBatch;
        _running = true;
        Schedule();
    }

    /// <summary>Moves to the next batch of the epoch, waiting for it where it is still being filled.</summary>
    /// <returns>Whether there was one; false at the end of the epoch.</returns>
    /// <exception cref="InvalidOperationException">No epoch was started, or the last one ended with an exception.</exception>
    /// <exception cref="OperationCanceledException">The epoch's token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The loader was disposed.</exception>
    /// <exception cref="NotFiniteNumberException">The data set gave an input, target or weight that is NaN or infinite; the message
    /// names the sample.</exception>
    public bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_running)
            throw new InvalidOperationException("BatchLoader: no epoch is under way; call StartEpoch first.");
        _current = null;
        if (_next == BatchesPerEpoch)
            return false;

        try
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Schedule();
            _current = _slots[_next % _slots.Length].Take();
            _next++;
            return true;
        }
        catch
        {
            Stop();
            throw;
        }
    }

    /// <summary>Drops the epoch that is under way. Waits for a batch that is being filled, so that nothing runs afterwards.</summary>
    public void Dispose()
    {
        _disposed = true;
        Stop();
    }

    /// <summary>The order of an epoch.</summary>
    internal static void Shuffle(Span<int> order, ulong seed, int epoch)
    {
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        new SeededRandom(seed, (ulong)epoch).Shuffle(order);
    }

    // A slot for every batch from the next on: all are free but those that are ahead already.
    private void Schedule()
    {
        int end = Math.Min(BatchesPerEpoch, _next + _slots.Length);
        for (; _scheduled < end; _scheduled++)
        {
            int start = _scheduled * BatchSize;
            int count = Math.Min(BatchSize, _order.Length - start);
            _slots[_scheduled % _slots.Length].Schedule(_scheduled, _order.AsMemory(start, count), _epoch, _prefetch);
        }
    }

    private void Stop()
    {
        _running = false;
        _current = null;
        foreach (BatchSlot slot in _slots)
            slot.Stop();
    }
}
