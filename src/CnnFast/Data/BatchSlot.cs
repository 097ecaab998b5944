using System.Runtime.ExceptionServices;

namespace CnnFast.Data;

/// <summary>
/// One of the buffers of a <see cref="BatchLoader"/> and the job that fills it. Whoever claims the job first runs it: the pool, or the
/// consumer that needs it now. A job that was claimed leaves a stale entry in the pool's queue, which finds nothing to claim.
/// </summary>
internal sealed class BatchSlot(IDataset dataset, int capacity) : IThreadPoolWorkItem
{
    private readonly object _gate = new();
    private readonly Batch _batch = new(dataset, capacity);
    private ReadOnlyMemory<int> _indices;
    private ExceptionDispatchInfo? _failure;
    private int _index;
    private int _epoch;
    private State _state;

    private enum State
    {
        Idle,
        Queued,
        Running,
    }

    /// <summary>Sets the job; the slot must be idle: its last job was taken or stopped.</summary>
    public void Schedule(int index, ReadOnlyMemory<int> indices, int epoch, bool onPool)
    {
        lock (_gate)
        {
            _index = index;
            _indices = indices;
            _epoch = epoch;
            _failure = null;
            _state = State.Queued;
        }

        if (onPool)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>The filled batch, or the failure of the one who filled it.</summary>
    public Batch Take()
    {
        if (!TryRun())
            WaitUntilIdle();
        _failure?.Throw();
        return _batch;
    }

    /// <summary>Withdraws the job, or waits until the one who runs it is through.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            if (_state == State.Queued)
                _state = State.Idle;
        }

        WaitUntilIdle();
    }

    void IThreadPoolWorkItem.Execute() => TryRun();

    private bool TryRun()
    {
        lock (_gate)
        {
            if (_state != State.Queued)
                return false;
            _state = State.Running;
        }

        try
        {
            _batch.Fill(dataset, _index, _indices.Span, _epoch);
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to the consumer: Take throws it again there.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }

        lock (_gate)
        {
            _state = State.Idle;
            Monitor.PulseAll(_gate);
        }

        return true;
    }

    private void WaitUntilIdle()
    {
        lock (_gate)
        {
            while (_state != State.Idle)
                Monitor.Wait(_gate);
        }
    }
}
