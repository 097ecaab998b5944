namespace CnnFast.Compile;

/// <summary>The memory of one run of a plan: activations and scratch. Used by one run at a time.</summary>
internal sealed class RunMemory(ExecutionPlan plan)
{
    private readonly AlignedBuffer<float> _arena = new(plan.Memory.Length);
    private readonly AlignedBuffer<byte> _workspace = new(plan.WorkspaceLength);

    /// <summary>The activations.</summary>
    public Span<float> Arena => _arena.Span;

    /// <summary>Scratch memory of the operators.</summary>
    public Span<byte> Workspace => _workspace.Span;
}
