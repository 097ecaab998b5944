namespace CnnFast.Tests.Graph.Tensors;

/// <summary>Runs parts one by one in another order, each as another of three workers.</summary>
internal sealed class ShuffledScheduler : IWorkScheduler
{
    public int MaxThreads => 3;

    public void Run<TAction>(int count, long cost, in TAction action)
        where TAction : struct, IRangeAction
    {
        TAction local = action;
        for (int index = count - 1; index >= 0; index -= 2)
            local.Invoke(index, index % 3);
        for (int index = count - 2; index >= 0; index -= 2)
            local.Invoke(index, (index + 1) % 3);
    }
}
