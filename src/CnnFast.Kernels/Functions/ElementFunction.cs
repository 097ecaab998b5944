namespace CnnFast.Kernels;

/// <summary>What there is to know of a function of single elements, one object a function; <see cref="ElementFunctions"/> holds
/// them.</summary>
internal abstract class ElementFunction
{
    /// <inheritdoc cref="IElementFunction.Name"/>
    public abstract string Name { get; }

    /// <inheritdoc cref="IElementFunction.NamePrefix"/>
    public abstract string NamePrefix { get; }

    /// <inheritdoc cref="IElementFunction.Activation"/>
    public abstract Activation Activation { get; }

    /// <inheritdoc cref="IElementFunction.Alpha"/>
    public abstract FunctionConstant? Alpha { get; }

    /// <inheritdoc cref="IElementFunction.Beta"/>
    public abstract FunctionConstant? Beta { get; }

    /// <inheritdoc cref="IElementFunction.InRegisters"/>
    public abstract RegisterFunction InRegisters { get; }

    /// <inheritdoc cref="IElementFunction.Cost"/>
    public abstract long Cost { get; }

    /// <inheritdoc cref="IElementFunction.IsRectifier"/>
    public abstract bool IsRectifier { get; }

    /// <inheritdoc cref="IElementFunction.FileVersion"/>
    public abstract int FileVersion { get; }

    /// <inheritdoc cref="IElementFunction.GradientNeedsInput"/>
    public abstract bool GradientNeedsInput(float alpha);

    /// <summary>Its kernels on any implementation of the lanes.</summary>
    public abstract FunctionKernel Kernel<L, V, I>()
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged;

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>The object of a function.</summary>
    public static ElementFunction Of<F>()
        where F : struct, IElementFunction => new Description<F>();

    private sealed unsafe class Description<F> : ElementFunction
        where F : struct, IElementFunction
    {
        public override string Name => F.Name;

        public override string NamePrefix => F.NamePrefix;

        public override Activation Activation => F.Activation;

        public override FunctionConstant? Alpha { get; } = F.Alpha;

        public override FunctionConstant? Beta { get; } = F.Beta;

        public override RegisterFunction InRegisters => F.InRegisters;

        public override long Cost => F.Cost;

        public override bool IsRectifier => F.IsRectifier;

        public override int FileVersion => F.FileVersion;

        public override bool GradientNeedsInput(float alpha) => F.GradientNeedsInput(alpha);

        public override FunctionKernel Kernel<L, V, I>() => new(&FunctionLoops<L, V, I>.Forward<F>, &FunctionLoops<L, V, I>.Gradient<F>);
    }
}
