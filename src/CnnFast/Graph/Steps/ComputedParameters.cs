using Microsoft.Extensions.ObjectPool;

namespace CnnFast.Graphs;

/// <summary>Parameters that other nodes compute at every run; one set for each run at the same time.</summary>
/// <param name="infos">What they are.</param>
internal sealed class ComputedParameters(IReadOnlyList<ParameterInfo> infos)
{
    private readonly ObjectPool<Values> _pool = new DefaultObjectPool<Values>(new Policy(infos));

    /// <summary>Takes a set.</summary>
    public Values Take() => _pool.Get();

    /// <summary>Gives it back.</summary>
    public void Return(Values values) => _pool.Return(values);

    /// <summary>One set.</summary>
    internal sealed class Values(Parameter[] all)
    {
        /// <summary>They, for steps.</summary>
        public ParameterValues Parameters { get; } = new(all);

        /// <summary>One of them.</summary>
        public Parameter this[int index] => all[index];
    }

    private sealed class Policy(IReadOnlyList<ParameterInfo> infos) : PooledObjectPolicy<Values>
    {
        public override Values Create() => new([.. infos.Select(info => new Parameter(info))]);

        public override bool Return(Values obj) => true;
    }
}
