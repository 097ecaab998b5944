using CnnFast.Layers;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The models that are timed, one line each, with random weights from a fixed seed.</summary>
internal static class ModelCatalog
{
    private static readonly (string Name, Func<Model> Build)[] s_models =
    [
        ("one_relu", () => new Sequential(new ReLU()).Build(new Shape(16), 1)),
        .. ModelZoo.All.Where(model => model != ModelZoo.Vgg16).Select(model => (model.Name, (Func<Model>)(() => model.Build(seed: 1)))),
    ];

    /// <summary>The names, in the order of the table.</summary>
    public static IEnumerable<string> Names => s_models.Select(model => model.Name);

    /// <summary>Builds the model of a name.</summary>
    public static Model Build(string name) => s_models.First(model => model.Name == name).Build();
}
