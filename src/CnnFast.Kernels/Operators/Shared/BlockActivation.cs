using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>What an operator does to finished outputs while they are in cache, for an epilogue that does not run in registers.</summary>
internal readonly unsafe struct BlockActivation
{
    private readonly delegate*<float*, float*, nint, float, float, void> _kernel;
    private readonly float _alpha;
    private readonly float _beta;

    /// <summary>What registers leave of an epilogue.</summary>
    public BlockActivation(Epilogue epilogue, IsaLevel isa)
        : this(epilogue.IsFused ? null : epilogue.Function, epilogue, isa)
    {
    }

    private BlockActivation(ElementFunction? function, Epilogue epilogue, IsaLevel isa)
    {
        _kernel = function is null ? null : KernelSelection.Choose(FunctionKernels.All, isa).For(function).Forward;
        _alpha = epilogue.Alpha;
        _beta = epilogue.Beta;
    }

    /// <summary>All of an epilogue, for outputs that no tile writes.</summary>
    public static BlockActivation InMemory(Epilogue epilogue, IsaLevel isa) => new(epilogue.Function, epilogue, isa);

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNone => _kernel is null;

    /// <summary>Applies the function to a stretch of outputs.</summary>
    public void Run(float* values, nint count) => _kernel(values, values, count, _alpha, _beta);

    /// <summary>Applies the function to the channels of pixels that lie a pitch apart; what lies between them is left alone.</summary>
    public void Run(float* values, nint pixels, nint channels, nint pitch)
    {
        if (channels == pitch)
        {
            Run(values, pixels * channels);
            return;
        }

        for (nint pixel = 0; pixel < pixels; pixel++)
            Run(values + (pixel * pitch), channels);
    }
}
