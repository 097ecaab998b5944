using Microsoft.Extensions.DependencyInjection;

namespace CnnFast.DependencyInjection;

/// <summary>
/// Takes the models that <see cref="CnnFastServiceCollectionExtensions.AddCnnFast"/> registers: each under a name of its own,
/// and one, the default, without.
/// </summary>
public sealed class CnnFastModels
{
    private readonly IServiceCollection _services;
    private readonly ModelNames _names;

    internal CnnFastModels(IServiceCollection services, ModelNames names)
    {
        _services = services;
        _names = names;
    }

    /// <summary>
    /// Adds the model of a file, which is read at the first use. Where there is no such file, that use throws a
    /// <see cref="FileNotFoundException"/>; where it is no model, a <see cref="DataFormatException"/>.
    /// </summary>
    /// <param name="path">A model file of this library; relative to the current directory of the first use.</param>
    /// <param name="name">Its name; null for the default.</param>
    /// <param name="session">The options of its session, such as the threads; the defaults when not given.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">The path is empty, or the name is empty or taken.</exception>
    public CnnFastModels AddFile(string path, string? name = null, Func<Model, SessionOptions>? session = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return AddFactory(_ => Load(path, name), name, session);
    }

    /// <summary>Adds a model that exists. Its session is planned, with the weights of that moment, at the first use.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">Its name; null for the default.</param>
    /// <param name="session">The options of its session; the defaults when not given.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public CnnFastModels AddModel(Model model, string? name = null, Func<Model, SessionOptions>? session = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return AddFactory(_ => model, name, session);
    }

    /// <summary>Adds a model that is made at the first use, once.</summary>
    /// <param name="model">Makes the model; what it throws reaches that use, and the next one tries again.</param>
    /// <param name="name">Its name; null for the default.</param>
    /// <param name="session">The options of its session; the defaults when not given.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public CnnFastModels AddFactory(Func<IServiceProvider, Model> model, string? name = null, Func<Model, SessionOptions>? session = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (name is { Length: 0 })
            throw new ArgumentException("AddCnnFast: the name is empty; expected text, or null for the default.", nameof(name));
        _names.Take(name);
        if (name is null)
        {
            _services.AddSingleton(services => Made(model(services), name));
            _services.AddSingleton(services => Session(services.GetRequiredService<Model>(), session));
        }
        else
        {
            _services.AddKeyedSingleton(name, (services, _) => Made(model(services), name));
            _services.AddKeyedSingleton(name, (services, _) => Session(services.GetRequiredKeyedService<Model>(name), session));
        }

        return this;
    }

    private static InferenceSession Session(Model model, Func<Model, SessionOptions>? options) => new(model, options?.Invoke(model));

    private static Model Made(Model? model, string? name) => model
        ?? throw new InvalidOperationException($"AddCnnFast: the factory of {Called(name)} returned null; expected a model.");

    private static Model Load(string path, string? name)
    {
        try
        {
            return Model.Load(path);
        }
        catch (FileNotFoundException missing)
        {
            throw new FileNotFoundException($"CnnFast: {Called(name)} has no file '{path}' (in '{Path.GetFullPath(path)}'); " +
                "expected a model file, as Model.Save writes.", path, missing);
        }
    }

    private static string Called(string? name) => name is null ? "the default model" : $"the model '{name}'";
}
