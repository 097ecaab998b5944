namespace CnnFast;

/// <summary>Runs every part on the calling thread: allocates nothing and touches no other thread. Thread-safe.</summary>
internal sealed class SerialScheduler : IWorkScheduler
{
    public static readonly SerialScheduler Instance = new();

    private SerialScheduler()
    {
    }

    public int MaxThreads => 1;

    public void Run<TAction>(int count, long cost, in TAction action)
        where TAction : struct, IRangeAction
    {
        TAction local = action;
        for (int index = 0; index < count; index++)
            local.Invoke(index, 0);
    }
}
